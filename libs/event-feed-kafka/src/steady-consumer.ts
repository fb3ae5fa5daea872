import type { Consumer, ConsumerConfig, EachBatchPayload, Kafka } from 'kafkajs';

export interface SteadyConsumerOptions {
  readonly kafka: Kafka;
  readonly config: ConsumerConfig;
  readonly topic: string;
  readonly eachBatch: (payload: EachBatchPayload) => Promise<void>;
  /** The group has given it these partitions, and no others any more; before anything is fetched. */
  readonly onAssigned: (partitions: readonly number[], consumer: Consumer) => void;
  /** Batches of nothing but the marks of transactions do not come to eachBatch. */
  readonly onMarks?: (partition: number, lastOffset: number) => void;
  /** What went wrong; it is tried again by itself. */
  readonly onFailure: (error: unknown) => void;
}

/** A consumer that could not be started again at once waits this long. */
const RESTART_MS = 500;
/** Without a sign of life from Kafka for this long, something is wrong. */
const SILENT_MS = 10_000;

/** A consumer of one topic that goes on by itself after whatever breaks, and tells the truth about how it is. */
export class SteadyConsumer {
  readonly #options: SteadyConsumerOptions;
  #consumer: Consumer | undefined;
  #restart: NodeJS.Timeout | undefined;
  #starting: Promise<void>;
  #stopped = false;
  #alive = Date.now();
  #crash: string | undefined;

  constructor(options: SteadyConsumerOptions) {
    this.#options = options;
    this.#starting = this.#start();
  }

  /** `undefined` while it is being replaced. */
  get consumer(): Consumer | undefined {
    return this.#consumer;
  }

  /** Why nothing may come from it, if that is so. */
  trouble(): string | undefined {
    const { topic } = this.#options;
    if (this.#crash !== undefined) return `${topic}: ${this.#crash}`;
    const silent = Date.now() - this.#alive;
    return silent > SILENT_MS ? `${topic}: nothing heard of Kafka for ${Math.round(silent / 1_000)} s` : undefined;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    await this.#starting;
    await this.#consumer?.disconnect();
  }

  async #start(): Promise<void> {
    const { kafka, config, topic, eachBatch } = this.#options;
    const consumer = kafka.consumer({ ...config, allowAutoTopicCreation: false });
    this.#consumer = consumer;
    this.#listen(consumer);
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({ autoCommit: false, eachBatch });
    } catch (error) {
      this.#options.onFailure(error);
      await this.#again(consumer, error);
    }
  }

  #listen(consumer: Consumer): void {
    const { topic, onAssigned, onMarks, onFailure } = this.#options;
    const alive = () => {
      this.#alive = Date.now();
      this.#crash = undefined;
    };
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      alive();
      if (!this.#stopped) onAssigned(payload.memberAssignment[topic] ?? [], consumer);
    });
    consumer.on(consumer.events.FETCH, alive);
    consumer.on(consumer.events.HEARTBEAT, alive);
    consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) onMarks?.(payload.partition, Number(payload.lastOffset));
    });
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (this.#stopped) return;
      this.#crash = error.message;
      onFailure(error);
      onAssigned([], consumer);
      if (!restart) this.#again(consumer, error).catch(onFailure);
    });
  }

  /** Puts another consumer in the place of one that has given up. */
  async #again(consumer: Consumer, error: unknown): Promise<void> {
    if (this.#stopped || this.#consumer !== consumer) return;
    this.#consumer = undefined;
    this.#crash = error instanceof Error ? error.message : String(error);
    await consumer.disconnect();
    if (this.#stopped) return;
    this.#restart = setTimeout(() => {
      this.#starting = this.#start();
    }, RESTART_MS);
  }
}
