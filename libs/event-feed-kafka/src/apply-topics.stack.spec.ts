import kafkajs from 'kafkajs';
import { applyTopics } from './apply-topics.ts';
import { asAdmin, dropTopics, newTopics, until } from './testing/kafka-server.ts';
import { type Topics, topicsOf } from './topics.ts';

jest.setTimeout(30_000);

describe('applying the topics', () => {
  let topics: Topics;
  beforeEach(() => {
    topics = newTopics();
  });
  afterEach(() => dropTopics(topics));

  const apply = (declared: Topics = topics) => asAdmin((admin) => applyTopics(admin, declared));
  const messages = () => topics.messages('activity');
  const prefix = () => messages().split('.')[0] ?? '';
  const settings = (name: string) =>
    asAdmin(async (admin) => {
      const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name };
      const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false });
      return new Map(
        resources.flatMap((each) => each.configEntries.map((entry) => [entry.configName, entry.configValue])),
      );
    });
  const set = async (name: string, entries: Record<string, string>) => {
    await asAdmin((admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: kafkajs.ConfigResourceTypes.TOPIC,
            name,
            configEntries: Object.entries(entries).map(([key, value]) => ({ name: key, value })),
          },
        ],
      }),
    );
    await until(async () => {
      const found = await settings(name);
      return Object.entries(entries).every(([key, value]) => found.get(key) === value);
    });
  };

  test('makes them as declared', async () => {
    const outcomes = await apply();
    expect(outcomes.map(({ topic }) => topic)).toEqual(topics.declared.map(({ topic }) => topic));
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['made']));
    for (const { topic, config } of topics.declared)
      expect(Object.fromEntries(await settings(topic))).toMatchObject(config);
    const made = await asAdmin((admin) => admin.fetchTopicMetadata({ topics: [messages()] }));
    expect(made.topics[0]?.partitions).toHaveLength(3);
  });

  test('changes nothing the second time', async () => {
    await apply();
    const again = await apply();
    expect(again.every(({ outcome, differences }) => outcome === 'unchanged' && differences.length === 0)).toBe(true);
  });

  test('makes those that are missing', async () => {
    await apply();
    await dropTopics(topics, [topics.progress]);
    const made = (await apply()).filter(({ outcome }) => outcome !== 'unchanged');
    expect(made.map(({ topic, outcome }) => [topic, outcome])).toEqual([[topics.progress, 'made']]);
  });

  test('puts back a setting that was changed, says so, and leaves what others have set', async () => {
    await apply();
    await set(messages(), { 'retention.ms': '1000', 'segment.bytes': '1048576' });
    const changed = (await apply()).filter(({ outcome }) => outcome !== 'unchanged');
    expect(changed).toEqual([
      {
        topic: messages(),
        outcome: 'changed',
        differences: expect.arrayContaining([{ what: 'retention.ms', declared: '-1', found: '1000' }]),
      },
    ]);
    const found = await settings(messages());
    expect([found.get('retention.ms'), found.get('segment.bytes')]).toEqual(['-1', '1048576']);
    expect((await apply()).every(({ outcome }) => outcome === 'unchanged')).toBe(true);
  });

  test('refuses another number of partitions before it changes anything', async () => {
    await apply();
    await dropTopics(topics, [topics.progress]);
    await set(messages(), { 'retention.ms': '1000' });
    const wider = topicsOf({ prefix: prefix(), partitions: 5, replication: 1 });
    await expect(apply(wider)).rejects.toMatchObject({ name: 'PartitionsDiffer', declared: 5, found: 3 });
    expect((await settings(messages())).get('retention.ms')).toBe('1000');
    expect(await asAdmin((admin) => admin.listTopics())).not.toContain(topics.progress);
  });

  test('reports another replication and leaves it', async () => {
    await apply();
    const outcomes = await apply(topicsOf({ prefix: prefix(), partitions: 3, replication: 2 }));
    const { outcome, differences } = outcomes.find(({ topic }) => topic === messages()) ?? {};
    expect(outcome).toBe('differs');
    expect(differences).toContainEqual({ what: 'replication', declared: '2', found: '1' });
  });
});
