import type { Batch, Subscriber, Subscription } from '@phancong/event-feed';
import { groupLog, publishRecounts } from '@phancong/event-feed/testing';
import { inMemoryEventStore, type Position } from '@phancong/event-sourcing';
import { type KafkaFeed, kafkaFeed } from './kafka-feed.ts';
import { type Relay, startRelay } from './relay.ts';
import { client, cuttableClient, dropTopics, makeTopics, newTopics, until } from './testing/kafka-server.ts';
import type { Topics } from './topics.ts';

jest.setTimeout(120_000);

/** Documents that copies of a service share: a batch counts only from where they stand, together with its position. */
function sharedDocuments() {
  const taken: Position[] = [];
  const stands = { position: 0 };
  return {
    taken,
    stands,
    commit({ messages, through }: Batch): void {
      if (through <= stands.position) return;
      for (const { position } of messages) if (position > stands.position) taken.push(position);
      stands.position = through;
    },
  };
}

describe('copies of a service that share its readers', () => {
  const readers = Array.from({ length: 6 }, (_, at) => `reporting/reader-${at}`);
  let topics: Topics;
  let relay: Relay;
  let copies: { readonly feed: KafkaFeed; readonly subscriptions: readonly Subscription[]; readonly name: string }[];
  let documents: Map<string, ReturnType<typeof sharedDocuments>>;
  let delivered: Map<string, Set<string>>;
  const store = { current: inMemoryEventStore() };
  const poison = { key: 'none' };
  let replayed: Position[];

  beforeEach(async () => {
    topics = newTopics();
    await makeTopics(topics);
    store.current = inMemoryEventStore();
    copies = [];
    poison.key = 'none';
    replayed = [];
    documents = new Map(readers.map((reader) => [reader, sharedDocuments()]));
    delivered = new Map();
    relay = startRelay({
      kafka: client(),
      topics,
      service: 'assignment',
      store: store.current,
      publish: publishRecounts('assignment'),
      onFailure: () => undefined,
    });
  });
  afterEach(async () => {
    for (const { name } of [...copies]) await leave(name);
    await relay.stop();
    await dropTopics(topics);
  });

  const subscriber = (consumer: string, copy: string): Subscriber => {
    const own = documents.get(consumer);
    if (!own) throw new RangeError(consumer);
    return {
      consumer,
      source: 'assignment',
      position: async () => own.stands.position,
      async consume(batch) {
        await new Promise(setImmediate);
        if (batch.messages.some(({ key }) => key === poison.key)) throw new TypeError('no such group');
        if (batch.replay) replayed.push(...batch.messages.map(({ position }) => position));
        own.commit(batch);
        const by = delivered.get(copy) ?? new Set();
        delivered.set(copy, by.add(consumer));
      },
    };
  };
  const join = (name: string, kafka = client(name)): void => {
    const feed = kafkaFeed({
      kafka,
      topics,
      batchSize: 20,
      sharedBy: 'reporting',
      onFailure: () => undefined,
      onTrouble: () => undefined,
    });
    copies.push({ name, feed, subscriptions: readers.map((reader) => feed.subscribe(subscriber(reader, name))) });
  };
  const leave = async (name: string): Promise<void> => {
    const copy = copies.find((each) => each.name === name);
    copies = copies.filter((each) => each !== copy);
    await Promise.all(copy?.subscriptions.map((subscription) => subscription.stop()) ?? []);
    await copy?.feed.close();
  };
  const recount = async (from: number, through: number) => {
    const log = groupLog(store.current);
    for (let count = from; count <= through; count += 1) await log.recount(`group${count % 7}`, count);
  };
  const allAt = (position: Position) =>
    until(() => [...documents.values()].every(({ stands }) => stands.position >= position));
  const by = (copy: string) => [...(delivered.get(copy) ?? [])];

  test('each reader is delivered to in one of them, and all get everything', async () => {
    join('a');
    join('b');
    await recount(1, 50);
    await allAt(50);
    await until(() => copies.every(({ feed }) => feed.trouble() === undefined));
    delivered.clear();
    // Both have joined by now: every reader belongs to one copy.
    await recount(51, 120);
    await allAt(120);
    expect([...by('a'), ...by('b')].toSorted()).toEqual(readers.toSorted());
    for (const { taken } of documents.values()) expect(taken).toEqual(Array.from({ length: 120 }, (_, at) => at + 1));
  });

  describe('what one of them has parked', () => {
    const parkedByOne = async () => {
      poison.key = 'group-group1';
      join('a');
      join('b');
      await recount(1, 20);
      await allAt(20);
      await until(() => by('a').length > 0 && by('b').length > 0 && copies.every(({ feed }) => !feed.trouble()));
      // Both have joined: who delivers now goes on delivering.
      delivered.clear();
      await recount(21, 21);
      await allAt(21);
      const [elsewhere] = copies.filter(({ name }) => !by(name).includes(readers[0] ?? ''));
      if (!elsewhere) throw new Error('both have delivered to the reader');
      const name = { consumer: readers[0] ?? '', source: 'assignment' as const, key: poison.key };
      return { deadLetters: elsewhere.feed.deadLetters, name };
    };

    test('is replayed there, whichever copy is asked', async () => {
      const { deadLetters, name } = await parkedByOne();
      await expect(deadLetters.replay(name)).rejects.toThrow('no such group');
      poison.key = 'none';
      expect(await deadLetters.replay(name)).toEqual({ messages: 3, through: 15 });
      expect(replayed).toEqual([1, 8, 15]);
      await expect(deadLetters.replay(name)).rejects.toMatchObject({ code: 'not-parked' });
    });
    test('is dropped there, whichever copy is asked, and goes on with what comes next', async () => {
      const { deadLetters, name } = await parkedByOne();
      const decision = { reason: 'made by mistake', by: 'officer' };
      expect(await deadLetters.drop(name, decision)).toMatchObject({ ...name, ...decision, messages: 3 });
      poison.key = 'none';
      await recount(22, 23);
      await allAt(23);
      expect(documents.get(readers[0] ?? '')?.taken).toContain(22);
    });
    test('stays parked when the reader comes back to a copy that had it before', async () => {
      join('a');
      await recount(1, 7);
      await allAt(7);
      join('b');
      while (by('b').length === 0) {
        const head = await groupLog(store.current).recount('group0', 0);
        await allAt(head);
      }
      const moved = by('b')[0] ?? '';
      poison.key = 'group-group1';
      const refused = await groupLog(store.current).recount('group1', 8);
      await allAt(refused);
      poison.key = 'none';
      await leave('b');
      const later = await groupLog(store.current).recount('group1', 9);
      await allAt(later);
      expect(documents.get(moved)?.taken.filter((position) => position >= refused)).toEqual([]);
      expect(await copies[0]?.feed.deadLetters.list()).toContainEqual(
        expect.objectContaining({ consumer: moved, key: 'group-group1', position: refused }),
      );
    });
    test('stays parked when another copy takes the reader over', async () => {
      const { name } = await parkedByOne();
      const [owner] = copies.filter((copy) => by(copy.name).includes(name.consumer));
      poison.key = 'none';
      await leave(owner?.name ?? '');
      await recount(22, 23);
      await allAt(23);
      expect(documents.get(name.consumer)?.taken).not.toContain(22);
    });
  });

  test('while copies come and go under load nothing is lost or counted twice', async () => {
    let written = 0;
    let enough = false;
    const writing = (async () => {
      // As fast as it is relayed.
      while (!enough) {
        await recount(written + 1, written + 10);
        written += 10;
        await relay.whenRelayed(written);
      }
    })();
    join('a');
    await until(() => by('a').length === readers.length);
    join('b');
    await until(() => by('b').length > 0);
    join('c');
    await until(() => by('c').length > 0);
    await leave('a');
    join('d');
    await until(() => by('d').length > 0);
    await leave('b');
    const before = written;
    await until(() => written > before + 200);
    enough = true;
    await writing;
    await allAt(written);
    for (const { taken } of documents.values())
      expect(taken).toEqual(Array.from({ length: written }, (_, at) => at + 1));
  });

  test('one that is cut off hands its readers to the others, and does no harm when it is back', async () => {
    const { kafka, cut, mend } = cuttableClient('a');
    join('a', kafka);
    join('b');
    let written = 0;
    const deliveredBy = async (wanted: () => boolean) => {
      while (!wanted()) {
        await recount(written + 1, written + 10);
        written += 10;
        await relay.whenRelayed(written);
      }
    };
    await deliveredBy(() => by('a').length > 0 && by('b').length > 0);
    cut();
    await until(() => copies[0]?.feed.trouble() !== undefined);
    delivered.clear();
    await deliveredBy(() => by('b').length === readers.length);
    mend();
    delivered.clear();
    await deliveredBy(() => by('a').length > 0 && copies[0]?.feed.trouble() === undefined);
    await allAt(written);
    for (const { taken } of documents.values())
      expect(taken).toEqual(Array.from({ length: written }, (_, at) => at + 1));
  });
});
