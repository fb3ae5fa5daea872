import type { ServiceName } from '@phancong/contracts';
import type { Failure } from '@phancong/event-feed';
import {
  type FeedUnderTest,
  deadLettersContract,
  feedContract,
  groupLog,
  publishRecounts,
  recordingReader,
} from '@phancong/event-feed/testing';
import { inMemoryEventStore } from '@phancong/event-sourcing';
import { type KafkaFeed, kafkaFeed } from './kafka-feed.ts';
import { startRelay } from './relay.ts';
import { dropTopics, client, makeTopics, newTopics, until } from './testing/kafka-server.ts';

jest.setTimeout(30_000);

/** The feed between processes; before a reader begins or goes on, all that was appended has been relayed. */
async function overKafka(): Promise<FeedUnderTest> {
  const kafka = client();
  const topics = newTopics();
  await makeTopics(topics);
  const stores = { membership: inMemoryEventStore(), assignment: inMemoryEventStore(), activity: inMemoryEventStore() };
  const relays = (['assignment', 'activity'] as const).map((service) => {
    const options = { service, store: stores[service], publish: publishRecounts(service), onFailure: () => undefined };
    return { service, relay: startRelay({ kafka, topics, ...options }) };
  });
  const relayed = async (source: ServiceName): Promise<void> => {
    const head = await stores[source].head();
    await relays.find(({ service }) => service === source)?.relay.whenRelayed(head);
  };
  const failures: Failure[] = [];
  const feeds: KafkaFeed[] = [];
  const open = () => {
    const feed = kafkaFeed({
      kafka,
      topics,
      batchSize: 10,
      errandMs: 300,
      retries: { tries: 3, delayMs: () => 0 },
      onFailure: (failure) => failures.push(failure),
      onTrouble: () => undefined,
    });
    feeds.push(feed);
    const { subscribe, deadLetters } = feed;
    return {
      ...feed,
      subscribe: (subscriber: Parameters<typeof subscribe>[0]) =>
        subscribe({
          ...subscriber,
          async position() {
            await relayed(subscriber.source);
            return subscriber.position();
          },
        }),
      deadLetters: {
        ...deadLetters,
        async held(parked: Parameters<typeof deadLetters.held>[0]) {
          await relayed(parked.source);
          return deadLetters.held(parked);
        },
        async drop(...[name, decision]: Parameters<typeof deadLetters.drop>) {
          await relayed(name.source);
          return deadLetters.drop(name, decision);
        },
      },
    };
  };
  return {
    feed: open(),
    logs: {
      membership: groupLog(stores.membership),
      assignment: groupLog(stores.assignment),
      activity: groupLog(stores.activity),
    },
    failures,
    reopen: async () => open(),
    async cleanUp() {
      await Promise.all([...feeds.map((feed) => feed.close()), ...relays.map(({ relay }) => relay.stop())]);
      await dropTopics(topics);
    },
  };
}

feedContract('over Kafka', overKafka);
deadLettersContract('over Kafka', overKafka);

describe('the feed over Kafka', () => {
  test('delivers nothing from a topic that has other partitions than declared, and says so', async () => {
    const kafka = client();
    const topics = newTopics(3);
    await makeTopics(topics);
    const store = inMemoryEventStore();
    const source = { service: 'assignment' as const, store, publish: publishRecounts('assignment') };
    const relay = startRelay({ kafka, topics, ...source, onFailure: () => undefined });
    await groupLog(store).recount('may', 1);
    await relay.whenRelayed(1);
    const failures: Failure[] = [];
    const feed = kafkaFeed({
      kafka,
      topics: { ...topics, partitions: 2 },
      onFailure: (failure) => failures.push(failure),
      onTrouble: () => undefined,
    });
    const reader = recordingReader();
    const subscription = feed.subscribe(reader.subscriber);
    await until(() => failures.length > 0);
    expect(failures[0]?.error).toMatchObject({ name: 'OtherPartitions' });
    expect(reader.deliveries).toEqual([]);
    await subscription.stop();
    await feed.close();
    await relay.stop();
    await dropTopics(topics);
  });
});
