import { ServiceName } from '@phancong/contracts';
import { NotCaughtUp, type Progress, type ProgressReader, inProcessProgress } from '@phancong/event-feed';
import type { Position } from '@phancong/event-sourcing';
import type { Kafka, Message as KafkaRecord } from 'kafkajs';
import { z } from 'zod';
import { Tail } from './tail.ts';
import { Teller } from './teller.ts';
import type { Topics } from './topics.ts';

export interface KafkaProgressOptions {
  readonly kafka: Kafka;
  readonly topics: Topics;
  /** Of this process's own logs: the position of the last event. */
  readonly heads: Readonly<Partial<Record<ServiceName, () => Promise<Position>>>>;
  /** Trouble with Kafka; it is tried again by itself. */
  readonly onTrouble: (error: unknown) => void;
}

export interface KafkaProgress extends Progress {
  trouble(): string | undefined;
  close(): Promise<void>;
}

const Announced = z.object({
  reader: z.string(),
  service: z.string(),
  sources: z.array(ServiceName),
  process: z.boolean(),
});
/** `head`: where the log of a process stood after it had consumed `source` through `position`. */
const Reported = z.object({ reader: z.string(), source: ServiceName, position: z.int(), head: z.int().optional() });
const ProgressRecord = z.union([Reported, Announced]);
type Reported = z.infer<typeof Reported>;
type Report = Omit<Reported, 'head'>;

const nameOf = ({ source, reader }: Report): string => `position ${source} ${reader}`;

const announcedRecord = ({ reader, service, sources, process = false }: ProgressReader): KafkaRecord => ({
  key: `reader ${reader}`,
  value: JSON.stringify({ reader, service, sources, process }),
});
const reportedRecord = (reported: Reported): KafkaRecord => ({
  key: nameOf(reported),
  value: JSON.stringify(reported),
});

/**
 * How far the readers of all services have come, told through a topic. Each process follows it, so that it knows of every
 * reader what that reader's own process last said; who reads a reader's documents from the shared store after that finds
 * them there.
 */
export function kafkaProgress({ kafka, topics, heads, onTrouble }: KafkaProgressOptions): KafkaProgress {
  const readers = new Map<string, ProgressReader>();
  const own = new Set<string>();
  /** The latest that was said of each reader and source, also of readers that are announced later. */
  const reached = new Map<string, Reported>();
  /** Where the logs of processes stood, by service. */
  const stood = new Map<string, Position>();
  const headOf = (service: ServiceName) => async (): Promise<Position> => stood.get(service) ?? 0;
  const known = inProcessProgress({
    heads: Object.fromEntries(ServiceName.options.map((service) => [service, headOf(service)])),
  });

  const learn = (reader: ProgressReader): void => {
    if (readers.has(reader.reader)) return;
    known.register(reader);
    readers.set(reader.reader, reader);
    for (const reported of reached.values()) if (reported.reader === reader.reader) believe(reported);
  };
  const believe = (reported: Reported): void => {
    const { reader: name, source, position, head } = reported;
    if (position >= (reached.get(nameOf(reported))?.position ?? 0)) reached.set(nameOf(reported), reported);
    const service = readers.get(name)?.service;
    if (service === undefined) return;
    // Before it counts as consumed: who has waited for that asks for the head next.
    if (head !== undefined) stood.set(service, Math.max(head, stood.get(service) ?? 0));
    known.consumed(name, source, position);
  };

  const tail = new Tail({
    kafka,
    topic: topics.progress,
    starts: [0],
    onFailure: onTrouble,
    onRead(_partition, records) {
      for (const { value } of records) {
        if (!value) continue;
        try {
          const record = ProgressRecord.parse(JSON.parse(value.toString()));
          if ('position' in record) believe(record);
          else learn(record);
        } catch (error) {
          onTrouble(error);
        }
      }
    },
  });
  const ready = tail.readToEnd();

  /** Where its own log stands, of a process: what it wrote because of the messages stands no later. */
  const withHead = async (report: Report): Promise<Reported> => {
    const reader = readers.get(report.reader);
    const service = ServiceName.safeParse(reader?.service);
    const head = reader?.process && service.success ? heads[service.data] : undefined;
    return head ? { ...report, head: await head() } : report;
  };
  const teller = new Teller<Report>(kafka, topics.progress, onTrouble, async (report) => {
    const reported = await withHead(report);
    believe(reported);
    return reportedRecord(reported);
  });

  return {
    register(reader) {
      const name = reader.reader;
      if (own.has(name)) throw new Error(`a reader ${name} is registered already`);
      own.add(name);
      learn(reader);
      teller.tell(announcedRecord(reader));
      // It stays known: another copy may read on.
      return () => own.delete(name);
    },
    consumed(reader, source, position) {
      if (!own.has(reader)) throw new Error(`no reader ${reader} is registered`);
      const report = { reader, source, position };
      if (position <= (reached.get(nameOf(report))?.position ?? 0)) return;
      if (readers.get(reader)?.process !== true) believe(report);
      teller.tellLatest(nameOf(report), report);
    },
    async waitFor(service, source, position, withinMs) {
      const begun = Date.now();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new NotCaughtUp('it is not known yet how far others have come')), withinMs);
      });
      await Promise.race([ready, late]).finally(() => clearTimeout(timer));
      await known.waitFor(service, source, position, Math.max(0, withinMs - (Date.now() - begun)));
    },
    trouble: () => tail.trouble() ?? teller.trouble(),
    async close() {
      await teller.close();
      await tail.stop();
    },
  };
}
