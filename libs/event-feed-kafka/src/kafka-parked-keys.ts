import { ServiceName } from '@phancong/contracts';
import { type DroppedKey, type ParkedKey, type ParkedKeys, nameOf } from '@phancong/event-feed';
import { Instant } from '@phancong/event-sourcing';
import type { Kafka, KafkaMessage, Message as KafkaRecord } from 'kafkajs';
import { z } from 'zod';
import { Tail } from './tail.ts';
import type { Topics } from './topics.ts';

const Parked = z.object({
  consumer: z.string(),
  source: ServiceName,
  key: z.string(),
  position: z.int(),
  error: z.string(),
  parkedAt: Instant,
});
const Dropped = z.object({
  ...Parked.shape,
  messages: z.int(),
  through: z.int(),
  reason: z.string(),
  by: z.string(),
  droppedAt: Instant,
});

const parkedRecord = (parked: ParkedKey): KafkaRecord => ({
  key: `parked ${nameOf(parked)}`,
  value: JSON.stringify(parked),
  headers: { reason: parked.error },
});
const releasedRecord = (name: Parameters<typeof nameOf>[0]): KafkaRecord => ({
  key: `parked ${nameOf(name)}`,
  value: null,
});
const droppedRecord = (dropped: DroppedKey): KafkaRecord => ({
  key: `dropped ${nameOf(dropped)} ${dropped.droppedAt}`,
  value: JSON.stringify(dropped),
  headers: { reason: dropped.reason },
});

interface Follower {
  readonly tail: Tail;
  readonly parked: Map<string, ParkedKey>;
  readonly dropped: Map<string, DroppedKey>;
}

/**
 * Parked keys in the dead-letter topics, one for each publishing service: seen by all copies of a service and by the
 * operator's command. Written down in all replicas when the promises settle; reads see what anybody wrote before.
 */
export function kafkaParkedKeys({
  kafka,
  topics,
  onFailure,
}: {
  readonly kafka: Kafka;
  readonly topics: Topics;
  readonly onFailure: (error: unknown) => void;
}): ParkedKeys {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    retry: { retries: 5 },
  });
  let connecting: Promise<void> | undefined;
  let followers: ReadonlyMap<ServiceName, Follower> | undefined;

  const write = async (source: ServiceName, messages: KafkaRecord[]): Promise<void> => {
    connecting ??= producer.connect().catch((error: unknown) => {
      connecting = undefined;
      throw error;
    });
    await connecting;
    // One request to one partition is one batch: all of it is written, or nothing.
    await producer.send({ topic: topics.deadLetters(source), acks: -1, messages });
  };

  const follow = (source: ServiceName): Follower => {
    const parked = new Map<string, ParkedKey>();
    const dropped = new Map<string, DroppedKey>();
    const take = ({ key, value }: KafkaMessage): void => {
      const name = key?.toString() ?? '';
      if (!value) parked.delete(name);
      else if (name.startsWith('parked ')) parked.set(name, Parked.parse(JSON.parse(value.toString())));
      else if (name.startsWith('dropped ')) dropped.set(name, Dropped.parse(JSON.parse(value.toString())));
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
    return { tail, parked, dropped };
  };

  const upToDate = async (): Promise<readonly Follower[]> => {
    followers ??= new Map(ServiceName.options.map((source) => [source, follow(source)]));
    const all = [...followers.values()];
    await Promise.all(all.map(({ tail }) => tail.readToEnd()));
    return all;
  };

  return {
    async add(parked) {
      const known = (await upToDate()).flatMap(({ parked: keys }) => [...keys.values()]);
      const earlier = known.some((each) => nameOf(each) === nameOf(parked) && each.position <= parked.position);
      if (!earlier) await write(parked.source, [parkedRecord(parked)]);
    },
    all: async () => (await upToDate()).flatMap(({ parked }) => [...parked.values()]),
    remove: (name) => write(name.source, [releasedRecord(name)]),
    drop: (dropped) => write(dropped.source, [releasedRecord(dropped), droppedRecord(dropped)]),
    async dropped() {
      const all = (await upToDate()).flatMap(({ dropped }) => [...dropped.values()]);
      return all.toSorted((one, other) =>
        one.droppedAt < other.droppedAt ? -1 : one.droppedAt > other.droppedAt ? 1 : 0,
      );
    },
    async close() {
      await Promise.all([...(followers?.values() ?? [])].map(({ tail }) => tail.stop()));
      await Promise.allSettled([connecting]);
      await producer.disconnect();
    },
  };
}
