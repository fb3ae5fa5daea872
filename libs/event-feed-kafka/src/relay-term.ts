import { randomUUID } from 'node:crypto';
import type { ServiceName } from '@phancong/contracts';
import type { Publish } from '@phancong/event-feed';
import type { EventStore, Position, RecordedEvent } from '@phancong/event-sourcing';
import { CompressionTypes, type Kafka, type Message as KafkaRecord, type Producer, type Transaction } from 'kafkajs';
import { type Translated, recordOf } from './message-record.ts';
import { partitionOf } from './partitioning.ts';
import type { Topics } from './topics.ts';
import { type Watermark, begunRecord, endOf, inPartitions, watermarkRecord } from './watermark.ts';
import type { WatermarkLog } from './watermark-log.ts';

export interface RelaySource {
  readonly service: ServiceName;
  readonly store: EventStore;
  readonly publish: Publish;
}

export interface TermOptions extends RelaySource {
  readonly kafka: Kafka;
  readonly topics: Topics;
  readonly watermarks: WatermarkLog;
  /** Events relayed in one transaction. */
  readonly batchSize: number;
  /** An event that cannot be translated; readers hold its stream back. */
  readonly onUntranslatable: (error: unknown, event: RecordedEvent) => void;
  /** It has the service now. */
  readonly onBegun: () => void;
}

/** More has been relayed than the log holds: it was put back to an earlier state, and its positions would be used twice. */
export class LogBehindTopic extends Error {
  override readonly name = 'LogBehindTopic';
  constructor(service: ServiceName, head: Position, relayed: Position) {
    super(`the log of ${service} ends at ${head}, but was relayed through ${relayed}`);
  }
}

/** Bytes of events relayed in one transaction, unless one alone is larger. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** Kafka ends a transaction that was left open for so long; until then readers wait at it. */
const TRANSACTION_MS = 15_000;
/** Hints of the store may get lost with the process that appended: the log is looked at this often anyway. */
const LOOK_MS = 1_000;

function withinBytes(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  let bytes = 0;
  const end = events.findIndex(({ data }, at) => (bytes += data.length) > BATCH_BYTES && at > 0);
  return end < 0 ? events : events.slice(0, end);
}

/**
 * One relay's time of carrying a service's log to its topic. Its first transaction shuts out whoever had the service before
 * (Kafka refuses what comes late, and readers never see it); how far that one came is read only then. Messages
 * and watermark are one transaction, so nothing is skipped and nothing repeated.
 * @throws whatever goes wrong: begin another term then
 */
export async function relayTerm(options: TermOptions, signal: AbortSignal): Promise<void> {
  const { kafka, topics, service, store } = options;
  const producer = kafka.producer({
    transactionalId: `${topics.messages(service)}.relay`,
    transactionTimeout: TRANSACTION_MS,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    // Kafka goes on marking a transaction as ended when it has answered, and sends the next one away until then.
    retry: { initialRetryTime: 5, maxRetryTime: 1_000, retries: 10 },
  });
  let wake: () => void = () => undefined;
  const ended = () => wake();
  signal.addEventListener('abort', ended);
  let appended = false;
  const unsubscribe = store.onAppended(() => {
    appended = true;
    wake();
  });
  try {
    await producer.connect();
    let reached = await begin(options, producer, signal);
    options.onBegun();
    while (!signal.aborted) {
      appended = false;
      const events = await store.readAll(reached.through, options.batchSize);
      if (events.length > 0) reached = await relay(options, producer, withinBytes(events), reached);
      else if (!appended)
        await new Promise<void>((resolve) => {
          const look = setTimeout(resolve, LOOK_MS);
          wake = () => {
            clearTimeout(look);
            resolve();
          };
        });
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', ended);
    await producer.disconnect();
  }
}

async function inTransaction<Result>(
  producer: Producer,
  task: (open: Transaction) => Promise<Result>,
): Promise<Result> {
  const open = await producer.transaction();
  try {
    const result = await task(open);
    await open.commit();
    return result;
  } catch (error) {
    // A relay that was shut out cannot abort either; then Kafka has done so already.
    if (open.isActive()) await Promise.allSettled([open.abort()]);
    throw error;
  }
}

async function begin({ topics, service, store, watermarks }: TermOptions, producer: Producer, signal: AbortSignal) {
  const sign = randomUUID();
  const read = watermarks.whenBegun(sign, signal);
  await inTransaction(producer, (open) =>
    open.send({ topic: topics.watermarks(service), acks: -1, messages: [begunRecord(sign)] }),
  );
  await read;
  const reached = inPartitions(watermarks.latest(), topics.partitions);
  const head = await store.head();
  if (head < reached.through && !signal.aborted) throw new LogBehindTopic(service, head, reached.through);
  return reached;
}

async function relay(
  { topics, service, publish, onUntranslatable }: TermOptions,
  producer: Producer,
  events: readonly RecordedEvent[],
  reached: Watermark,
): Promise<Watermark> {
  const records = new Map<number, KafkaRecord[]>();
  let through: Position = reached.through;
  for (const event of events) {
    through = event.position;
    const translated = translate(publish, event);
    if (!translated) continue;
    if ('error' in translated) onUntranslatable(translated.error, event);
    const partition = partitionOf(event.stream, topics.partitions);
    const chosen = records.get(partition) ?? [];
    chosen.push({ ...recordOf(service, event, translated), partition });
    records.set(partition, chosen);
  }
  return inTransaction(producer, async (open) => {
    const ends = Array.from({ length: topics.partitions }, (_, partition) => endOf(reached, partition));
    const messages = [...records.values()].flat();
    if (messages.length > 0) {
      const written = await open.send({
        topic: topics.messages(service),
        acks: -1,
        compression: CompressionTypes.GZIP,
        messages,
      });
      for (const { partition, baseOffset } of written)
        ends[partition] = Number(baseOffset) + (records.get(partition)?.length ?? 0) - 1;
    }
    const watermark = { through, ends };
    await open.send({ topic: topics.watermarks(service), acks: -1, messages: [watermarkRecord(watermark)] });
    return watermark;
  });
}

function translate(publish: Publish, event: RecordedEvent): Translated | undefined {
  try {
    const message = publish(event);
    return message && { message };
  } catch (error) {
    return { error };
  }
}
