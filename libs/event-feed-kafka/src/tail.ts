import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { SteadyConsumer } from './steady-consumer.ts';

export interface TailOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  /** By partition, the first offset to be read. */
  readonly starts: readonly number[];
  /** @param next everything of the partition below this offset has been read now */
  readonly onRead: (partition: number, records: readonly KafkaMessage[], next: number) => void;
  /** What went wrong; it is tried again by itself. */
  readonly onFailure: (error: unknown) => void;
}

/** How long Kafka waits for something new before it answers: a stop takes up to this long. */
const WAIT_MS = 250;
const PAUSE_MS = 500;
/** Of one partition in one answer, as it is stored: compressed, and so about ten times as much in memory. */
const ANSWER_BYTES = 128 * 1024;

/**
 * Reads a topic from given offsets on, what transactions have committed of it. Nobody shares the work: the group that
 * kafkajs asks for has this one member and keeps no offsets.
 */
export class Tail {
  readonly #options: TailOptions;
  readonly #next: number[];
  readonly #paused = new Set<number>();
  readonly #consumer: SteadyConsumer;
  #stopped = false;
  #onRead: () => void = () => undefined;

  constructor(options: TailOptions) {
    const { kafka, topic, starts } = options;
    this.#options = options;
    this.#next = [...starts];
    this.#consumer = new SteadyConsumer({
      kafka,
      topic,
      config: {
        groupId: `${topic}.tail-${randomUUID()}`,
        maxWaitTimeInMs: WAIT_MS,
        maxBytesPerPartition: ANSWER_BYTES,
        sessionTimeout: 10_000,
        heartbeatInterval: 2_000,
      },
      eachBatch: async ({ batch }) => this.#read(batch.partition, batch.messages, Number(batch.lastOffset()) + 1),
      onMarks: (partition, lastOffset) => this.#read(partition, [], lastOffset + 1),
      onAssigned: (partitions, consumer) => {
        // The group has no offsets: each time it is joined, kafkajs would begin anew.
        for (const partition of partitions)
          consumer.seek({ topic, partition, offset: String(this.#next[partition] ?? 0) });
        const paused = partitions.filter((partition) => this.#paused.has(partition));
        if (paused.length > 0) consumer.pause([{ topic, partitions: paused }]);
      },
      onFailure: options.onFailure,
    });
  }

  /** Why nothing may come from it, if that is so. */
  trouble(): string | undefined {
    return this.#consumer.trouble();
  }

  pause(partition: number): void {
    if (this.#paused.has(partition)) return;
    this.#paused.add(partition);
    this.#consumer.consumer?.pause([{ topic: this.#options.topic, partitions: [partition] }]);
  }

  resume(partition: number): void {
    if (!this.#paused.delete(partition)) return;
    this.#consumer.consumer?.resume([{ topic: this.#options.topic, partitions: [partition] }]);
  }

  /** Resolves when all that stands in the first partition now has been read, or when it is stopped. */
  async readToEnd(): Promise<void> {
    const end = await this.#end();
    while (!this.#stopped && (this.#next[0] ?? 0) < end)
      await new Promise<void>((resolve) => {
        const others = this.#onRead;
        this.#onRead = () => {
          others();
          resolve();
        };
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#onRead();
    await this.#consumer.stop();
  }

  #read(partition: number, records: readonly KafkaMessage[], next: number): void {
    const known = this.#next[partition];
    if (this.#stopped || known === undefined || next <= known) return;
    this.#next[partition] = next;
    const fresh = records.filter(({ offset }) => Number(offset) >= known);
    this.#options.onRead(partition, fresh, next);
    const waiting = this.#onRead;
    this.#onRead = () => undefined;
    waiting();
  }

  async #end(): Promise<number> {
    const { kafka, topic, onFailure } = this.#options;
    while (!this.#stopped) {
      const admin = kafka.admin();
      try {
        await admin.connect();
        const offsets = await admin.fetchTopicOffsets(topic);
        return Number(offsets[0]?.high ?? 0);
      } catch (error) {
        onFailure(error);
        await setTimeout(PAUSE_MS);
      } finally {
        await admin.disconnect();
      }
    }
    return 0;
  }
}
