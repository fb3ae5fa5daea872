import { ServiceName } from '@phancong/contracts';
import { type DroppedKey, type ParkedKey, type ParkedKeys, nameOf } from '@phancong/event-feed';
import type { Kafka, KafkaMessage, Message as KafkaRecord } from 'kafkajs';
import { DroppedRecord, ParkedRecord, droppedRecord, parkedRecord, releasedRecord } from './dead-letter-records.ts';
import { Errands, type ErrandTerms, isErrand } from './errands.ts';
import { Tail } from './tail.ts';
import type { Topics } from './topics.ts';

export interface DeadLetterTopicsOptions extends Pick<ErrandTerms, 'fulfil' | 'onFailure'> {
  readonly kafka: Kafka;
  readonly topics: Topics;
}

interface Follower {
  readonly tail: Tail;
  readonly parked: Map<string, ParkedKey>;
  readonly dropped: Map<string, DroppedKey>;
}

/**
 * The dead-letter topics, one for each publishing service: parked keys, what was given up, and errands. Seen by all copies
 * of all services and by the operator's command. What is written stands in all replicas when the promises settle; reads
 * see what anybody wrote before.
 */
export class DeadLetterTopics {
  readonly errands: Errands;
  readonly parkedKeys: ParkedKeys;
  readonly #options: DeadLetterTopicsOptions;
  readonly #producer;
  readonly #followers: readonly Follower[];
  #connecting: Promise<void> | undefined;

  constructor(options: DeadLetterTopicsOptions) {
    const { kafka, fulfil, onFailure } = options;
    this.#options = options;
    this.#producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      retry: { retries: 5 },
    });
    const write = (source: ServiceName, records: KafkaRecord[]) => this.#write(source, records);
    this.errands = new Errands({ write, fulfil, onFailure });
    this.#followers = ServiceName.options.map((source) => this.#follow(source));
    this.parkedKeys = {
      add: async (parked) => {
        const known = await this.#parked();
        const earlier = known.some((each) => nameOf(each) === nameOf(parked) && each.position <= parked.position);
        if (!earlier) await write(parked.source, [parkedRecord(parked)]);
      },
      all: () => this.#parked(),
      remove: (name) => write(name.source, [releasedRecord(name)]),
      drop: (dropped) => write(dropped.source, [releasedRecord(dropped), droppedRecord(dropped)]),
      dropped: async () => {
        const all = (await this.#upToDate()).flatMap(({ dropped }) => [...dropped.values()]);
        return all.toSorted((one, other) => (one.droppedAt < other.droppedAt ? -1 : 1));
      },
      close: () => this.close(),
    };
  }

  trouble(): string | undefined {
    return this.#followers.map(({ tail }) => tail.trouble()).find((trouble) => trouble !== undefined);
  }

  async close(): Promise<void> {
    await Promise.all(this.#followers.map(({ tail }) => tail.stop()));
    await Promise.allSettled([this.#connecting]);
    await this.#producer.disconnect();
  }

  #follow(source: ServiceName): Follower {
    const { kafka, topics, onFailure } = this.#options;
    const parked = new Map<string, ParkedKey>();
    const dropped = new Map<string, DroppedKey>();
    // An errand of the time before: who asked has long since stopped waiting for it.
    let current = false;
    const take = ({ key, value }: KafkaMessage): void => {
      const name = key?.toString() ?? '';
      if (isErrand(name)) {
        if (current) this.errands.take(value);
      } else if (!value) parked.delete(name);
      else if (name.startsWith('parked ')) parked.set(name, ParkedRecord.parse(JSON.parse(value.toString())));
      else if (name.startsWith('dropped ')) dropped.set(name, DroppedRecord.parse(JSON.parse(value.toString())));
    };
    const tail = new Tail({
      kafka,
      topic: topics.deadLetters(source),
      starts: [0],
      onFailure,
      onRead(_partition, records) {
        for (const record of records) {
          try {
            take(record);
          } catch (error) {
            onFailure(error);
          }
        }
      },
    });
    tail.readToEnd().then(() => (current = true), onFailure);
    return { tail, parked, dropped };
  }

  async #upToDate(): Promise<readonly Follower[]> {
    await Promise.all(this.#followers.map(({ tail }) => tail.readToEnd()));
    return this.#followers;
  }

  async #parked(): Promise<readonly ParkedKey[]> {
    return (await this.#upToDate()).flatMap(({ parked }) => [...parked.values()]);
  }

  async #write(source: ServiceName, messages: KafkaRecord[]): Promise<void> {
    this.#connecting ??= this.#producer.connect();
    await this.#connecting.catch((error: unknown) => {
      this.#connecting = undefined;
      throw error;
    });
    // One request to one partition is one batch: all of it is written, or nothing.
    await this.#producer.send({ topic: this.#options.topics.deadLetters(source), acks: -1, messages });
  }
}
