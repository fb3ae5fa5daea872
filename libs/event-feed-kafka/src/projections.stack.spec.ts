import { randomUUID } from 'node:crypto';
import { groupLog, publishRecounts } from '@phancong/event-feed/testing';
import { inMemoryEventStore } from '@phancong/event-sourcing';
import { type Projection, type ReadModels, evolveDocuments, runProjection } from '@phancong/read-models';
import { mongodbReadModels } from '@phancong/read-models/mongodb';
import { group, groups, tallies } from '@phancong/read-models/testing';
import mongoose from 'mongoose';
import { kafkaFeed } from './kafka-feed.ts';
import { type KafkaProgress, kafkaProgress } from './kafka-progress.ts';
import { type Relay, startRelay } from './relay.ts';
import { client, dropTopics, makeTopics, newTopics, until } from './testing/kafka-server.ts';
import type { Topics } from './topics.ts';

jest.setTimeout(60_000);

/** Groups as last counted, and the sum of all headcounts, which is kept up by the difference. */
const headcounts = (version = 1): Projection => ({
  name: 'headcounts',
  version,
  models: [groups, tallies],
  sources: ['assignment'],
  async apply(messages, session) {
    await evolveDocuments(
      {
        model: groups,
        ids: (message) => (message.type === 'GroupRecounted' ? [message.group] : []),
        evolve: (doc, message) =>
          message.type === 'GroupRecounted' ? group(message.group, message.headcount * version) : doc,
      },
      messages,
      session,
    );
    const before = (await session.get(tallies, 'all'))?.groups ?? 0;
    const difference = (await session.changes(groups)).reduce(
      (sum, change) => sum + (change.after?.headcount ?? 0) - (change.before?.headcount ?? 0),
      0,
    );
    await session.put(tallies, 'all', { groups: before + difference });
  },
});

describe('projections over Kafka, in several copies of a service on one database', () => {
  let topics: Topics;
  let relay: Relay;
  let database: string;
  /** Of whoever asks; each copy has its own. */
  let readModels: ReadModels;
  let ending: Map<string, () => Promise<void>>;
  const store = { current: inMemoryEventStore() };

  const url = (): string => {
    const named = process.env['MONGODB_URL'];
    if (!named) throw new Error('MONGODB_URL is not set: name a MongoDB where the specs may make and drop databases');
    return named;
  };
  const openReadModels = () => mongodbReadModels({ url: url(), database });

  beforeEach(async () => {
    topics = newTopics();
    await makeTopics(topics);
    database = `spec-${randomUUID()}`;
    readModels = await openReadModels();
    ending = new Map();
    store.current = inMemoryEventStore();
    const source = { service: 'assignment' as const, store: store.current, publish: publishRecounts('assignment') };
    relay = startRelay({ kafka: client(), topics, ...source, onFailure: () => undefined });
  });
  afterEach(async () => {
    for (const end of ending.values()) await end();
    await relay.stop();
    await dropTopics(topics);
    await readModels.close();
    const connection = await mongoose.createConnection(url()).asPromise();
    await connection.useDb(database).dropDatabase();
    await connection.close();
  });

  const join = async (
    name: string,
    projection = headcounts(),
  ): Promise<{ progress: KafkaProgress; ready: Promise<void> }> => {
    const own = await openReadModels();
    const kafka = client(name);
    const onTrouble = () => undefined;
    const feed = kafkaFeed({ kafka, topics, sharedBy: 'reporting', onFailure: onTrouble, onTrouble });
    const progress = kafkaProgress({ kafka, topics, heads: {}, onTrouble });
    const running = runProjection({ projection, readModels: own, feed, progress, service: 'reporting' });
    ending.set(name, async () => {
      ending.delete(name);
      await running.stop();
      await feed.close();
      await progress.close();
      await own.close();
    });
    return { progress, ready: running.ready };
  };
  const figures = async (projection = headcounts()) => {
    const reader = readModels.reader(projection);
    const { items } = await reader.find(groups, { index: 'byHeadcount' });
    return {
      sum: (await reader.get(tallies, 'all'))?.groups,
      groups: Object.fromEntries(items.map(({ id, doc }) => [id, doc.headcount])),
    };
  };

  test('whoever has written sees it in whichever copy is asked, and figures are right while copies come and go', async () => {
    const log = groupLog(store.current);
    const counted = new Map<string, number>();
    let at = 0;
    const recountAndAsk = async (copies: readonly { progress: KafkaProgress }[]) => {
      for (let left = 20; left > 0; left -= 1) {
        at += 1;
        counted.set(`group${at % 7}`, at);
        const position = await log.recount(`group${at % 7}`, at);
        if (left % 5 > 0) continue;
        for (const { progress } of copies) await progress.waitFor('reporting', 'assignment', position, 20_000);
        expect(await figures()).toEqual({
          sum: [...counted.values()].reduce((sum, count) => sum + count, 0),
          groups: Object.fromEntries(counted),
        });
      }
    };
    const one = await join('one');
    await recountAndAsk([one]);
    const two = await join('two');
    await recountAndAsk([one, two]);
    const three = await join('three');
    await recountAndAsk([one, two, three]);
    await ending.get('one')?.();
    await recountAndAsk([two, three]);
    await ending.get('two')?.();
    await recountAndAsk([three]);
    await until(() => relay.trouble() === undefined);
  });

  test('a changed layout is rebuilt by the copy that reads it, and all go on', async () => {
    const log = groupLog(store.current);
    const old = await join('old');
    await old.progress.waitFor('reporting', 'assignment', await log.recount('may', 5), 20_000);
    await ending.get('old')?.();
    const copies = [await join('one', headcounts(2)), await join('two', headcounts(2))];
    await Promise.all(copies.map(({ ready }) => ready));
    expect(await figures(headcounts(2))).toEqual({ sum: 10, groups: { may: 10 } });
    const position = await log.recount('may', 6);
    for (const { progress } of copies) await progress.waitFor('reporting', 'assignment', position, 20_000);
    expect(await figures(headcounts(2))).toEqual({ sum: 12, groups: { may: 12 } });
  });
});
