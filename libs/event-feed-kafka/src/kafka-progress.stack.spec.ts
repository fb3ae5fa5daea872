import { NotCaughtUp } from '@phancong/event-feed';
import type { Position } from '@phancong/event-sourcing';
import { type KafkaProgress, kafkaProgress } from './kafka-progress.ts';
import { dropTopics, client, makeTopics, newTopics, until } from './testing/kafka-server.ts';
import type { Topics } from './topics.ts';

jest.setTimeout(30_000);

describe('progress told over Kafka', () => {
  let topics: Topics;
  let opened: KafkaProgress[];
  beforeEach(async () => {
    opened = [];
    topics = newTopics();
    await makeTopics(topics);
  });
  afterEach(async () => {
    await Promise.all(opened.map((progress) => progress.close()));
    await dropTopics(topics);
  });

  const open = (heads: Parameters<typeof kafkaProgress>[0]['heads'] = {}): KafkaProgress => {
    const progress = kafkaProgress({ kafka: client(), topics, heads, onTrouble: () => undefined });
    opened.push(progress);
    return progress;
  };
  /** It waits in vain for readers of the service, which have consumed nothing; for nobody it would not wait. */
  const hasHeardOf = (progress: KafkaProgress, service: string): Promise<boolean> =>
    progress.waitFor(service, 'assignment', 1, 20).then(
      () => false,
      (error: unknown) => error instanceof NotCaughtUp && error.message.includes(service),
    );
  const coverage = { reader: 'reporting/coverage', service: 'reporting', sources: ['assignment'] as const };
  const soon = 10_000;

  test('one copy waits for what another one reads', async () => {
    const [one, other] = [open(), open()];
    for (const copy of [one, other]) copy.register(coverage);
    let done = false;
    const waiting = other.waitFor('reporting', 'assignment', 5, soon).then(() => (done = true));
    one.consumed('reporting/coverage', 'assignment', 4);
    await one.waitFor('reporting', 'assignment', 4, soon);
    await other.waitFor('reporting', 'assignment', 4, soon);
    expect(done).toBe(false);
    one.consumed('reporting/coverage', 'assignment', 5);
    await waiting;
  });

  test('a reader that nobody has begun to read for counts as behind', async () => {
    const progress = open();
    progress.register(coverage);
    await expect(progress.waitFor('reporting', 'assignment', 1, 50)).rejects.toMatchObject({ name: 'NotCaughtUp' });
  });

  test('a copy that starts later knows how far the others have come', async () => {
    const one = open();
    one.register(coverage);
    one.consumed('reporting/coverage', 'assignment', 9);
    await one.close();
    const other = open();
    other.register(coverage);
    await other.waitFor('reporting', 'assignment', 9, soon);
  });

  test('what a process of another service wrote because of it is waited for, too', async () => {
    let head: Position = 0;
    const activity = open({ activity: async () => head });
    const reporting = open();
    activity.register({ reader: 'activity/closing', service: 'activity', sources: ['assignment'], process: true });
    reporting.register({ reader: 'reporting/results', service: 'reporting', sources: ['assignment', 'activity'] });
    await until(() => hasHeardOf(reporting, 'activity'));
    head = 3;
    activity.consumed('activity/closing', 'assignment', 1);
    reporting.consumed('reporting/results', 'assignment', 1);
    reporting.consumed('reporting/results', 'activity', 3);
    await reporting.waitFor('reporting', 'assignment', 1, soon);

    let done = false;
    const waiting = reporting.waitFor('reporting', 'assignment', 2, soon).then(() => (done = true));
    reporting.consumed('reporting/results', 'assignment', 2);
    head = 7;
    activity.consumed('activity/closing', 'assignment', 2);
    await activity.waitFor('activity', 'assignment', 2, soon);
    await reporting.waitFor('activity', 'assignment', 2, soon);
    expect(done).toBe(false);
    reporting.consumed('reporting/results', 'activity', 7);
    await waiting;
  });

  test('a copy that comes late with an earlier position takes nothing back', async () => {
    const [one, other] = [open(), open()];
    for (const copy of [one, other]) copy.register(coverage);
    one.consumed('reporting/coverage', 'assignment', 8);
    await other.waitFor('reporting', 'assignment', 8, soon);
    other.consumed('reporting/coverage', 'assignment', 3);
    await other.waitFor('reporting', 'assignment', 8, soon);
    await Promise.all([one.close(), other.close()]);
    await open().waitFor('reporting', 'assignment', 8, soon);
  });

  test('names are unique within a copy, and who is not registered reports nothing', () => {
    const progress = open();
    progress.register(coverage);
    expect(() => progress.register(coverage)).toThrow('registered already');
    expect(() => progress.consumed('reporting/results', 'assignment', 1)).toThrow('no reader');
  });

  test('says nothing of trouble while there is none', async () => {
    const progress = open();
    progress.register(coverage);
    progress.consumed('reporting/coverage', 'assignment', 1);
    await progress.waitFor('reporting', 'assignment', 1, soon);
    await until(() => progress.trouble() === undefined);
  });
});
