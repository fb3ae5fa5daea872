import { groupLog, publishRecounts } from '@phancong/event-feed/testing';
import { inMemoryEventStore } from '@phancong/event-sourcing';
import {
  type Projection,
  type ReadModels,
  evolveDocuments,
  inMemoryReadModels,
  runProjection,
} from '@phancong/read-models';
import { group, groups, tallies } from '@phancong/read-models/testing';
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
  let readModels: ReadModels;
  let ending: Map<string, () => Promise<void>>;
  const store = { current: inMemoryEventStore() };

  beforeEach(async () => {
    topics = newTopics();
    await makeTopics(topics);
    readModels = inMemoryReadModels();
    ending = new Map();
    store.current = inMemoryEventStore();
    const source = { service: 'assignment' as const, store: store.current, publish: publishRecounts('assignment') };
    relay = startRelay({ kafka: client(), topics, ...source, onFailure: () => undefined });
  });
  afterEach(async () => {
    for (const end of ending.values()) await end();
    await relay.stop();
    await dropTopics(topics);
  });

  const join = (name: string): { progress: KafkaProgress } => {
    const kafka = client(name);
    const onTrouble = () => undefined;
    const feed = kafkaFeed({ kafka, topics, sharedBy: 'reporting', onFailure: onTrouble, onTrouble });
    const progress = kafkaProgress({ kafka, topics, heads: {}, onTrouble });
    const running = runProjection({ projection: headcounts(), readModels, feed, progress, service: 'reporting' });
    ending.set(name, async () => {
      ending.delete(name);
      await running.stop();
      await feed.close();
      await progress.close();
    });
    return { progress };
  };
  const figures = async () => {
    const reader = readModels.reader(headcounts());
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
    const one = join('one');
    await recountAndAsk([one]);
    const two = join('two');
    await recountAndAsk([one, two]);
    const three = join('three');
    await recountAndAsk([one, two, three]);
    await ending.get('one')?.();
    await recountAndAsk([two, three]);
    await ending.get('two')?.();
    await recountAndAsk([three]);
    await until(() => relay.trouble() === undefined);
  });
});
