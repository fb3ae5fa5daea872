import { topicsOf } from './topics.ts';

describe('the topics', () => {
  const topics = topicsOf();
  const declaration = (topic: string) => topics.declared.find((each) => each.topic === topic);

  test('are declared, each once', () => {
    const names = topics.declared.map(({ topic }) => topic);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual([
      'phancong.membership',
      'phancong.membership.watermarks',
      'phancong.membership.dead-letter',
      'phancong.assignment',
      'phancong.assignment.watermarks',
      'phancong.assignment.dead-letter',
      'phancong.activity',
      'phancong.activity.watermarks',
      'phancong.activity.dead-letter',
      'phancong.progress',
      'phancong.shares',
    ]);
  });
  test('of messages keep everything for ever', () => {
    expect(declaration(topics.messages('activity'))).toEqual({
      topic: 'phancong.activity',
      partitions: 3,
      replication: 3,
      config: {
        'cleanup.policy': 'delete',
        'retention.ms': '-1',
        'retention.bytes': '-1',
        'max.message.bytes': '17825792',
        'min.insync.replicas': '2',
      },
    });
  });
  test.each([topics.watermarks('activity'), topics.deadLetters('activity'), topics.progress])(
    'that hold what counts now keep the latest of each key, in one partition: %s',
    (topic) => {
      expect(declaration(topic)).toMatchObject({ partitions: 1, config: { 'cleanup.policy': 'compact' } });
    },
  );
  test('are kept once where there is one broker', () => {
    const single = topicsOf({ replication: 1 }).declared;
    expect(single.every(({ replication, config }) => replication === 1 && config['min.insync.replicas'] === '1')).toBe(
      true,
    );
  });
  test('of several installations have names of their own', () => {
    const [one, other] = ['one', 'other'].map((prefix) => topicsOf({ prefix }).declared.map(({ topic }) => topic));
    expect(one?.filter((topic) => other?.includes(topic))).toEqual([]);
  });
});
