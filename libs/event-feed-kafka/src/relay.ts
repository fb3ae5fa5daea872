import { setTimeout } from 'node:timers/promises';
import type { Position, RecordedEvent } from '@phancong/event-sourcing';
import type { Kafka } from 'kafkajs';
import { type RelaySource, relayTerm } from './relay-term.ts';
import { SteadyConsumer } from './steady-consumer.ts';
import type { Topics } from './topics.ts';
import { WatermarkLog } from './watermark-log.ts';

export interface RelayOptions extends RelaySource {
  readonly kafka: Kafka;
  readonly topics: Topics;
  /** Events relayed in one transaction. Default 1,000. */
  readonly batchSize?: number;
  /** What went wrong; it is tried again by itself. With an event: it cannot be translated, and readers hold its stream back. */
  readonly onFailure?: (error: unknown, event?: RecordedEvent) => void;
  /** After so long without a sign of life another copy takes over; Kafka allows no less than 6 s. Default 10 s. */
  readonly leaseMs?: number;
}

export interface Relay {
  /** `carries`: this one has the service now; `waits`: another copy has it, or nobody yet. */
  state(): 'carries' | 'waits';
  /** How far the service's log has been relayed, by whomever. */
  relayed(): Position;
  /** Resolves when the log has been relayed through the position, by whomever; or when this is stopped. */
  whenRelayed(position: Position): Promise<void>;
  /** Why nothing may be relayed, if that is so. */
  trouble(): string | undefined;
  stop(): Promise<void>;
}

const warn = (error: unknown): void =>
  process.emitWarning(error instanceof Error ? error : String(error), 'RelayFailure');

/** After a failed term; doubled up to the longest. */
const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Carries a service's log to its topic: one copy of the service at a time, another one takes over when it dies. Who it is
 * is agreed by a group on the topic of watermarks; that two believe it for a while does no harm (see relayTerm).
 */
export function startRelay({
  kafka,
  topics,
  batchSize = 1_000,
  onFailure = warn,
  leaseMs = 10_000,
  ...source
}: RelayOptions): Relay {
  const topic = topics.watermarks(source.service);
  const watermarks = new WatermarkLog({ kafka, topic, onFailure });
  const stopping = new AbortController();
  let term: AbortController | undefined;
  let carrying = Promise.resolve();
  let failure: string | undefined;

  const carry = async ({ signal }: AbortController): Promise<void> => {
    let pause = PAUSE_MS;
    const onUntranslatable = onFailure;
    const onBegun = () => (failure = undefined);
    while (!signal.aborted) {
      const relayed = watermarks.latest().through;
      try {
        await relayTerm({ ...source, kafka, topics, watermarks, batchSize, onUntranslatable, onBegun }, signal);
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
        onFailure(error);
        pause = watermarks.latest().through > relayed ? PAUSE_MS : Math.min(2 * pause, LONGEST_PAUSE_MS);
        await Promise.race([setTimeout(pause, undefined, { ref: false }), aborted(signal)]);
      }
    }
  };

  const group = new SteadyConsumer({
    kafka,
    topic,
    config: {
      groupId: `${topics.messages(source.service)}.relay`,
      sessionTimeout: leaseMs,
      rebalanceTimeout: leaseMs,
      heartbeatInterval: 1_000,
      maxWaitTimeInMs: 250,
    },
    eachBatch: async () => undefined,
    onAssigned(partitions, consumer) {
      const mine = partitions.length > 0;
      if (mine) consumer.pause([{ topic }]);
      if (mine === (term !== undefined)) return;
      term?.abort();
      term = undefined;
      if (!mine || stopping.signal.aborted) return;
      const begun = new AbortController();
      term = begun;
      carrying = carrying.then(() => carry(begun));
    },
    onFailure,
  });

  return {
    state: () => (term ? 'carries' : 'waits'),
    relayed: () => watermarks.latest().through,
    whenRelayed: (position) =>
      new Promise((resolve) => {
        const look = () => {
          if (watermarks.latest().through < position && !stopping.signal.aborted) return;
          unsubscribe();
          stopping.signal.removeEventListener('abort', look);
          resolve();
        };
        const unsubscribe = watermarks.onAdvanced(look);
        stopping.signal.addEventListener('abort', look);
        look();
      }),
    trouble: () => group.trouble() ?? watermarks.trouble() ?? failure,
    async stop() {
      stopping.abort();
      term?.abort();
      await carrying;
      await group.stop();
      await watermarks.stop();
    },
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
