import { setTimeout } from 'node:timers/promises';
import { groupLog, publishRecounts, recordingReader, type RecordingReader } from '@phancong/event-feed/testing';
import { inMemoryEventStore } from '@phancong/event-sourcing';
import { type KafkaFeed, kafkaFeed } from './kafka-feed.ts';
import { type Relay, startRelay } from './relay.ts';
import {
  command,
  cuttableClient,
  dropTopics,
  client,
  makeTopics,
  newTopics,
  recordsOf,
  until,
} from './testing/kafka-server.ts';
import { TopicReader } from './topic-reader.ts';
import type { Topics } from './topics.ts';
import { WatermarkLog } from './watermark-log.ts';

jest.setTimeout(180_000);

describe('the feed over Kafka', () => {
  let topics: Topics;
  let ending: (() => Promise<unknown>)[];
  let store = inMemoryEventStore();
  let log = groupLog(store);
  beforeEach(async () => {
    ending = [];
    store = inMemoryEventStore();
    log = groupLog(store);
    topics = newTopics();
    await makeTopics(topics);
  });
  afterEach(async () => {
    for (const end of ending.reverse()) await end();
    await dropTopics(topics);
  });

  const quiet = () => undefined;
  const relayOver = (kafka = client(), batchSize = 1_000): Relay => {
    const source = { service: 'assignment' as const, store, publish: publishRecounts('assignment') };
    const relay = startRelay({ kafka, topics, ...source, batchSize, leaseMs: 6_000, onFailure: quiet });
    ending.push(() => relay.stop());
    return relay;
  };
  const feedOverKafka = (kafka = client()): KafkaFeed => {
    const retries = { tries: 3, delayMs: () => 0 };
    const feed = kafkaFeed({ kafka, topics, batchSize: 50, retries, onFailure: quiet, onTrouble: quiet });
    ending.push(() => feed.close());
    return feed;
  };
  const read = (feed: KafkaFeed, reader: RecordingReader = recordingReader()): RecordingReader => {
    const subscription = feed.subscribe(reader.subscriber);
    ending.push(() => subscription.stop());
    return reader;
  };
  const counts = (reader: RecordingReader) => reader.consumed.map((text) => Number(text.split(':')[1]));
  const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
  /** One recount after the other, as fast as they are relayed, until it is told that there are enough. */
  const writing = (relay: Relay) => {
    const state = { written: 0, enough: false };
    const done = (async () => {
      while (!state.enough) {
        for (let at = 0; at < 10; at += 1) {
          state.written += 1;
          await log.recount(`group${state.written % 5}`, state.written);
        }
        await relay.whenRelayed(state.written);
      }
    })();
    return { state, done };
  };

  test('loses and repeats nothing while the links of relay and reader are cut, time and again', async () => {
    const [relaying, reading] = [cuttableClient('relaying'), cuttableClient('reading')];
    const relay = relayOver(relaying.kafka);
    const reader = read(feedOverKafka(reading.kafka));
    const { state, done } = writing(relay);
    for (const cut of [[relaying], [reading], [relaying, reading], [reading], [relaying]]) {
      const before = reader.position;
      await until(() => reader.position > before);
      for (const link of cut) link.cut();
      await setTimeout(300);
      for (const link of cut) link.mend();
    }
    const before = reader.position;
    await until(() => reader.position > before + 100);
    state.enough = true;
    await done;
    await reader.until(() => reader.position >= state.written);
    expect(counts(reader)).toEqual(upTo(state.written));
    await until(() => relay.trouble() === undefined);
  });

  test('loses and repeats nothing when the broker is killed in the middle and comes back; and says so meanwhile', async () => {
    const relay = relayOver();
    const feed = feedOverKafka();
    const reader = read(feed);
    const { state, done } = writing(relay);
    await until(() => reader.position > 100);
    await command('KAFKA_KILL');
    try {
      await until(() => relay.trouble() !== undefined && feed.trouble() !== undefined);
    } finally {
      await command('KAFKA_START');
    }
    const before = reader.position;
    await until(() => reader.position > before + 100);
    state.enough = true;
    await done;
    await reader.until(() => reader.position >= state.written);
    expect(counts(reader)).toEqual(upTo(state.written));
    await until(() => relay.trouble() === undefined && feed.trouble() === undefined);
  });

  test('sends what cannot be consumed to the dead-letter topic with the reason, and back when it can', async () => {
    const relay = relayOver();
    const feed = feedOverKafka();
    const reader = recordingReader();
    reader.fail = ({ messages }) => {
      if (messages.some(({ key, revision }) => key === 'group-may' && revision === 1))
        throw new TypeError('no such group');
    };
    for (const [group, count] of [
      ['may', 1],
      ['may', 2],
      ['dien', 3],
      ['may', 4],
    ] as const)
      await log.recount(group, count);
    await relay.whenRelayed(4);
    read(feed, reader);
    await reader.until(() => reader.position === 4);
    expect(counts(reader)).toEqual([1, 3]);

    const letters = await recordsOf(topics.deadLetters('assignment'));
    expect(letters.map(({ headers }) => headers)).toEqual([{ reason: 'TypeError: no such group' }]);
    expect(JSON.parse(letters[0]?.value ?? '')).toMatchObject({
      key: 'group-may',
      position: 2,
      consumer: 'reporting/groups',
    });

    reader.fail = () => undefined;
    const name = { consumer: 'reporting/groups', source: 'assignment' as const, key: 'group-may' };
    expect(await feed.deadLetters.replay(name)).toEqual({ messages: 2, through: 4 });
    expect(counts(reader)).toEqual([1, 3, 2, 4]);
    expect(await feed.deadLetters.list()).toEqual([]);
  });

  test('sets aside what no relay has written, and holds no stream back for it', async () => {
    const relay = relayOver();
    await log.recount('may', 1);
    await relay.whenRelayed(1);
    const producer = client().producer();
    await producer.connect();
    const strange = [
      { key: 'group-may', value: '{' },
      { key: 'group-may', value: null },
      { key: null, value: 'x' },
      { key: 'group-may', value: '{}', headers: { position: '77' } },
      { key: 'group-may', value: '{}', headers: { position: 'x' } },
      { key: 'group-may', value: Buffer.of(0xff, 0xfe), headers: { position: '1' } },
    ];
    const messages = strange.flatMap((each) => [0, 1, 2].map((partition) => ({ ...each, partition })));
    await producer.send({ topic: topics.messages('assignment'), messages });
    await producer.disconnect();
    for (let count = 2; count <= 20; count += 1)
      await log.recount(['may', 'dien', 'tre', 'ngo'][count % 4] ?? '', count);
    await relay.whenRelayed(20);
    const feed = feedOverKafka();
    const reader = read(feed);
    await reader.until(() => reader.position >= 20);
    expect(counts(reader)).toEqual(upTo(20));
    const parked = await feed.deadLetters.list();
    expect(parked.length).toBeGreaterThan(0);
    for (const { key } of parked) expect(key).toMatch(/^record-\d-\d+$/);
    for (const each of parked) await feed.deadLetters.drop(each, { reason: 'not ours', by: 'operator' });
    expect(await feed.deadLetters.list()).toEqual([]);
    await log.recount('may', 21);
    await reader.until(() => reader.position >= 21);
    expect(counts(reader)).toEqual(upTo(21));
  });

  test('keeps little ready for a reader that is slow, and misses nothing', async () => {
    const relay = relayOver();
    for (let count = 1; count <= 40_000; count += 1) await log.recount(`group${count % 50}`, count);
    await relay.whenRelayed(40_000);
    const kafka = client();
    const watermarks = new WatermarkLog({ kafka, topic: topics.watermarks('assignment'), onFailure: quiet });
    ending.push(() => watermarks.stop());
    await watermarks.ready;
    const topic = topics.messages('assignment');
    const reader = new TopicReader(
      { kafka, source: 'assignment', topic, partitions: 3, watermarks, onFailure: quiet, ahead: 1_000 },
      0,
    );
    ending.push(() => reader.close());
    const positions: number[] = [];
    let most = 0;
    while (positions.length < 40_000) {
      const { items } = await reader.next(500);
      positions.push(...items.map(({ position }) => position));
      // As a reader that takes longer than it takes to fetch.
      await setTimeout(positions.length < 5_000 ? 50 : 0);
      most = Math.max(most, reader.ahead());
    }
    expect(positions).toEqual(upTo(40_000));
    // A thousand of each partition, and what one answer of Kafka brings beyond it.
    expect(most).toBeLessThan(3 * (1_000 + 4_000));
  });
});
