import { setTimeout } from 'node:timers/promises';
import type { Kafka, Message as KafkaRecord } from 'kafkajs';

const RETRY_MS = 500;

/**
 * Writes to a topic in the background, in one request whatever has gathered; of what is told under one name only the latest.
 * What could not be written is tried again.
 */
export class Teller<News> {
  readonly #producer;
  readonly #topic: string;
  readonly #onFailure: (error: unknown) => void;
  readonly #recordOf: (news: News) => Promise<KafkaRecord>;
  #records: KafkaRecord[] = [];
  readonly #latest = new Map<string, News>();
  #telling: Promise<void> | undefined;
  #connected = false;
  #closing = false;
  #failure: string | undefined;

  /** @param recordOf makes the record of news just before it is written */
  constructor(
    kafka: Kafka,
    topic: string,
    onFailure: (error: unknown) => void,
    recordOf: (news: News) => Promise<KafkaRecord>,
  ) {
    this.#producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: { retries: 3 },
    });
    this.#topic = topic;
    this.#onFailure = onFailure;
    this.#recordOf = recordOf;
  }

  tell(record: KafkaRecord): void {
    this.#records.push(record);
    this.#begin();
  }

  tellLatest(name: string, news: News): void {
    this.#latest.set(name, news);
    this.#begin();
  }

  trouble(): string | undefined {
    return this.#failure;
  }

  /** Tries once more to write what is left. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#telling;
    await this.#producer.disconnect();
  }

  #begin(): void {
    this.#telling ??= this.#tell().finally(() => (this.#telling = undefined));
  }

  async #tell(): Promise<void> {
    while (this.#records.length + this.#latest.size > 0) {
      const records = this.#records;
      const news = [...this.#latest];
      this.#records = [];
      this.#latest.clear();
      try {
        await this.#write([...records, ...(await Promise.all(news.map(([, each]) => this.#recordOf(each))))]);
      } catch (error) {
        this.#failure = error instanceof Error ? error.message : String(error);
        this.#onFailure(error);
        if (this.#closing) return;
        this.#records = [...records, ...this.#records];
        for (const [name, each] of news) if (!this.#latest.has(name)) this.#latest.set(name, each);
        await setTimeout(RETRY_MS);
      }
    }
  }

  async #write(messages: KafkaRecord[]): Promise<void> {
    if (!this.#connected) await this.#producer.connect();
    this.#connected = true;
    await this.#producer.send({ topic: this.#topic, acks: -1, messages });
    this.#failure = undefined;
  }
}
