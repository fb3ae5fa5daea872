import { Message } from '@phancong/contracts';
import { groupLog, publishRecounts } from '@phancong/event-feed/testing';
import { inMemoryEventStore } from '@phancong/event-sourcing';
import { startRelay, type Relay } from './relay.ts';
import { partitionOf } from './partitioning.ts';
import { relayTerm } from './relay-term.ts';
import { dropTopics, client, makeTopics, newTopics, recordsOf, until } from './testing/kafka-server.ts';
import type { Topics } from './topics.ts';
import { WatermarkLog } from './watermark-log.ts';

jest.setTimeout(60_000);

describe('the relay', () => {
  let topics: Topics;
  let ending: (() => Promise<unknown>)[];
  beforeEach(async () => {
    ending = [];
    topics = newTopics();
    await makeTopics(topics);
  });
  afterEach(async () => {
    for (const end of ending.reverse()) await end();
    await dropTopics(topics);
  });

  const kafka = client();
  const source = (store = inMemoryEventStore()) => ({
    service: 'assignment' as const,
    store,
    publish: publishRecounts('assignment'),
  });
  const start = (from: ReturnType<typeof source>, more: { batchSize?: number } = {}): Relay => {
    const relay = startRelay({ kafka, topics, leaseMs: 6_000, onFailure: () => undefined, ...from, ...more });
    ending.push(() => relay.stop());
    return relay;
  };
  const relayed = async () => {
    const records = await recordsOf(topics.messages('assignment'));
    return records.map(({ partition, headers, value, key }) => ({
      partition,
      key,
      position: Number(headers['position']),
      message: value === null ? null : Message.parse(JSON.parse(value)),
      headers,
    }));
  };
  const inOrder = (records: Awaited<ReturnType<typeof relayed>>) =>
    records.map(({ position }) => position).toSorted((a, b) => a - b);

  test('carries the log to the topic, each stream in order in its partition', async () => {
    const from = source();
    const log = groupLog(from.store);
    for (let count = 1; count <= 30; count += 1) await log.recount(['may', 'dien', 'tre'][count % 3] ?? '', count);
    const relay = start(from, { batchSize: 7 });
    await relay.whenRelayed(30);
    for (let count = 31; count <= 33; count += 1) await log.recount('may', count);
    await relay.whenRelayed(33);
    expect(relay.state()).toBe('carries');
    expect(relay.trouble()).toBeUndefined();

    const records = await relayed();
    expect(inOrder(records)).toEqual(Array.from({ length: 33 }, (_, at) => at + 1));
    for (const key of ['group-may', 'group-dien', 'group-tre']) {
      const own = records.filter((record) => record.key === key);
      expect(new Set(own.map(({ partition }) => partition))).toEqual(new Set([partitionOf(key, 3)]));
      expect(own.map(({ position }) => position)).toEqual(inOrder(own));
    }
    expect(records[0]?.message).toMatchObject({ type: 'GroupRecounted', source: 'assignment' });
  });

  test('passes over what publishes nothing, and keeps a place for what cannot be translated', async () => {
    const from = source();
    const log = groupLog(from.store);
    await log.note('may');
    await log.garble('may');
    await log.note('may');
    await start(from).whenRelayed(3);
    const records = await relayed();
    expect(records.map(({ position, message }) => [position, message])).toEqual([[2, null]]);
    expect(records[0]?.headers['untranslatable']).toContain('headcount');
  });

  test('goes on where the last one ended', async () => {
    const from = source();
    const log = groupLog(from.store);
    const first = start(from);
    await log.recount('may', 1);
    await first.whenRelayed(1);
    await first.stop();
    await log.recount('may', 2);
    const second = start(from);
    await second.whenRelayed(2);
    expect((await relayed()).map(({ position }) => position)).toEqual([1, 2]);
  });

  test('is one of several; another takes over when it ends', async () => {
    const from = source();
    const log = groupLog(from.store);
    const relays = [start(from), start(from)];
    await log.recount('may', 1);
    await Promise.all(relays.map((relay) => relay.whenRelayed(1)));
    const [active] = relays.filter((relay) => relay.state() === 'carries');
    const [standby] = relays.filter((relay) => relay !== active);
    await active?.stop();
    await log.recount('may', 2);
    await standby?.whenRelayed(2);
    expect(standby?.state()).toBe('carries');
    expect((await relayed()).map(({ position }) => position)).toEqual([1, 2]);
  });

  test('carries nothing from a log that was put back to an earlier state, and says so', async () => {
    const from = source();
    for (let count = 1; count <= 3; count += 1) await groupLog(from.store).recount('may', count);
    const first = start(from);
    await first.whenRelayed(3);
    await first.stop();
    const earlier = source();
    await groupLog(earlier.store).recount('may', 1);
    const second = start(earlier);
    await until(() => second.trouble() !== undefined);
    expect(second.trouble()).toBe('the log of assignment ends at 1, but was relayed through 3');
    expect((await relayed()).map(({ position }) => position)).toEqual([1, 2, 3]);
  });

  test('that was held up while another took over can write nothing any more, seen or unseen', async () => {
    const store = inMemoryEventStore();
    const log = groupLog(store);
    for (let count = 1; count <= 10; count += 1) await log.recount('may', count);
    const watermarks = new WatermarkLog({ kafka, topic: topics.watermarks('assignment'), onFailure: () => undefined });
    ending.push(() => watermarks.stop());
    const term = (readAll: typeof store.readAll, signal: AbortSignal) =>
      relayTerm(
        {
          ...source(),
          store: { ...store, readAll },
          kafka,
          topics,
          watermarks,
          batchSize: 5,
          onUntranslatable: () => undefined,
          onBegun: () => undefined,
        },
        signal,
      );

    let release: () => void = () => undefined;
    let heldUp: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const reached = new Promise<void>((resolve) => (heldUp = resolve));
    const zombie = term(async (after, limit) => {
      const events = await store.readAll(after, limit);
      if (after === 0) return events;
      heldUp();
      await held;
      return events;
    }, new AbortController().signal);
    const outcome = zombie.catch((error: unknown) => error);
    await reached;

    const over = new AbortController();
    const successor = term(store.readAll, over.signal);
    const whenAt = (position: number) =>
      new Promise<void>((resolve) => watermarks.onAdvanced(() => watermarks.latest().through >= position && resolve()));
    const atTen = whenAt(10);
    await atTen;
    release();
    expect(await outcome).toMatchObject({ name: 'KafkaJSProtocolError' });
    const atEleven = whenAt(11);
    await log.recount('may', 11);
    await atEleven;
    over.abort();
    await successor;

    const records = await relayed();
    expect(records.map(({ position }) => position)).toEqual(Array.from({ length: 11 }, (_, at) => at + 1));
    expect(watermarks.latest()).toMatchObject({ through: 11 });
  });
});
