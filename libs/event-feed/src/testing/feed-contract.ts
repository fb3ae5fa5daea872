import type { ServiceName } from '@phancong/contracts';
import type { Failure } from '../deliveries.ts';
import type { Feed, Subscription } from '../feed.ts';
import type { DeadLetters } from '../parked-keys.ts';
import type { groupLog } from './group-log.ts';
import { type RecordingReader, recordingReader } from './recording-reader.ts';

type FullFeed = Feed & { readonly deadLetters: DeadLetters };

/** A feed of at most 10 events a delivery that sets a message aside after 3 tries, without waiting in between. */
export interface FeedUnderTest {
  readonly feed: FullFeed;
  readonly logs: Readonly<Record<ServiceName, ReturnType<typeof groupLog>>>;
  readonly failures: readonly Failure[];
  /** The feed as a new process finds it: the same logs, the same parked keys. */
  readonly reopen: () => Promise<FullFeed>;
  readonly cleanUp: () => Promise<void>;
}

const upTo = (count: number, group = 'may'): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${group}:${at + 1}`);

/** How every feed delivers. */
export function feedContract(name: string, make: () => Promise<FeedUnderTest>): void {
  describe(`feed: ${name}`, () => {
    let under: FeedUnderTest;
    let running: Subscription[];

    beforeEach(async () => {
      running = [];
      under = await make();
    });
    afterEach(async () => {
      await Promise.all(running.map((subscription) => subscription.stop()));
      await under.cleanUp();
    });

    const subscribe = (reader: RecordingReader, feed: Feed = under.feed): Subscription => {
      const subscription = feed.subscribe(reader.subscriber);
      running.push(subscription);
      return subscription;
    };
    const recounts = async (count: number, group = 'may', from = 1) => {
      for (let at = from; at < from + count; at += 1) await under.logs.assignment.recount(group, at);
    };
    const consumedAll = (reader: RecordingReader, count: number) => reader.until(() => reader.consumed.length >= count);

    describe('deliveries', () => {
      test('bring what was published before, in order', async () => {
        await recounts(3);
        const reader = recordingReader();
        subscribe(reader);
        await consumedAll(reader, 3);
        expect(reader.consumed).toEqual(upTo(3));
      });
      test('bring what is published later', async () => {
        const reader = recordingReader();
        subscribe(reader);
        for (const count of [1, 2, 3]) {
          await recounts(1, 'may', count);
          await consumedAll(reader, count);
        }
        expect(reader.consumed).toEqual(upTo(3));
      });
      test('go on from the reader’s position', async () => {
        await recounts(5);
        const reader = recordingReader();
        reader.position = 3;
        subscribe(reader);
        await consumedAll(reader, 2);
        expect(reader.consumed).toEqual(['may:4', 'may:5']);
      });
      test('tell how far they reach', async () => {
        await recounts(3);
        const reader = recordingReader();
        subscribe(reader);
        await consumedAll(reader, 3);
        expect(reader.deliveries).toEqual([expect.objectContaining({ source: 'assignment', through: 3 })]);
      });
      test('reach over events that publish nothing', async () => {
        await recounts(1);
        await under.logs.assignment.note('may');
        await under.logs.assignment.note('dien');
        const reader = recordingReader();
        subscribe(reader);
        await reader.until(() => reader.position === 3);
        expect(reader.consumed).toEqual(['may:1']);
      });
      test('without messages still tell how far they reach', async () => {
        for (let at = 0; at < 15; at += 1) await under.logs.assignment.note('may');
        const reader = recordingReader();
        subscribe(reader);
        await reader.until(() => reader.position === 15);
        expect(reader.deliveries.every(({ messages }) => messages.length === 0)).toBe(true);
      });
      test('of a long log come in full batches', async () => {
        await recounts(95);
        const reader = recordingReader();
        subscribe(reader);
        await consumedAll(reader, 95);
        expect(reader.consumed).toEqual(upTo(95));
        expect(reader.deliveries.map(({ messages }) => messages.length)).toEqual([...Array(9).fill(10), 5]);
      });
      test('of thousands of events keep their order', async () => {
        await recounts(2_000);
        const reader = recordingReader();
        subscribe(reader);
        await consumedAll(reader, 2_000);
        expect(reader.consumed).toEqual(upTo(2_000));
      });
      test('carry the whole message', async () => {
        await recounts(1);
        const reader = recordingReader();
        subscribe(reader);
        await consumedAll(reader, 1);
        const [message] = reader.deliveries.flatMap(({ messages }) => messages);
        expect(message).toMatchObject({ key: 'group-may', revision: 0, position: 1, occurredAt: '2014-06-30' });
      });
      test('go to every reader', async () => {
        const readers = ['reporting/coverage', 'reporting/results', 'activity/known'].map((each) =>
          recordingReader(each),
        );
        for (const reader of readers) subscribe(reader);
        await recounts(12);
        for (const reader of readers) {
          await consumedAll(reader, 12);
          expect(reader.consumed).toEqual(upTo(12));
        }
      });
      test('to one reader do not wait for another', async () => {
        const [slow, fast] = [recordingReader('slow'), recordingReader('fast')];
        let release: () => void = () => undefined;
        const held = new Promise<void>((resolve) => (release = resolve));
        slow.fail = () => held;
        subscribe(slow);
        subscribe(fast);
        await recounts(3);
        await consumedAll(fast, 3);
        expect(slow.consumed).toEqual([]);
        release();
        await consumedAll(slow, 3);
      });
      test('to one reader come one at a time', async () => {
        const reader = recordingReader();
        let [under_way, most] = [0, 0];
        reader.fail = async () => {
          under_way += 1;
          most = Math.max(most, under_way);
          await new Promise(setImmediate);
          under_way -= 1;
        };
        subscribe(reader);
        await recounts(40);
        await consumedAll(reader, 40);
        expect(most).toBe(1);
      });
      test('miss nothing that is published while one is under way', async () => {
        const reader = recordingReader();
        reader.fail = async ({ through }) => {
          if (through < 30) await recounts(1, 'may', through + 1);
        };
        subscribe(reader);
        await recounts(1);
        await consumedAll(reader, 30);
        expect(reader.consumed).toEqual(upTo(30));
      });
      test('leave room for other work in between', async () => {
        await recounts(500);
        const reader = recordingReader();
        subscribe(reader);
        let turns = 0;
        while (reader.consumed.length < 500) {
          await new Promise(setImmediate);
          turns += 1;
        }
        expect(turns).toBeGreaterThan(20);
      });
      test('of one source do not touch another', async () => {
        const [groups, deeds] = [recordingReader('x'), recordingReader('x', 'activity')];
        subscribe(groups);
        subscribe(deeds);
        await recounts(2);
        await under.logs.activity.recount('dien', 9);
        await Promise.all([consumedAll(groups, 2), consumedAll(deeds, 1)]);
        expect([groups.consumed, deeds.consumed]).toEqual([upTo(2), ['dien:9']]);
      });
    });

    describe('a delivery that fails', () => {
      test('comes again with the same messages', async () => {
        await recounts(3);
        const reader = recordingReader();
        reader.fail = () => {
          if (reader.deliveries.length === 1) throw new Error('not now');
        };
        subscribe(reader);
        await consumedAll(reader, 3);
        const [first, second] = reader.deliveries;
        expect(second).toEqual(first);
        expect(reader.consumed).toEqual(upTo(3));
      });
      test('is reported', async () => {
        await recounts(1);
        const reader = recordingReader();
        const error = new Error('not now');
        reader.fail = () => {
          if (reader.deliveries.length === 1) throw error;
        };
        subscribe(reader);
        await consumedAll(reader, 1);
        expect(under.failures).toEqual([{ consumer: 'reporting/groups', source: 'assignment', error }]);
      });
      test('goes on where the reader stands now', async () => {
        await recounts(5);
        const reader = recordingReader();
        reader.fail = () => {
          if (reader.deliveries.length > 1) return;
          reader.position = 4;
          throw new Error('half of it was done');
        };
        subscribe(reader);
        await consumedAll(reader, 1);
        expect(reader.consumed).toEqual(['may:5']);
      });
      test('is tried again when the position cannot be read', async () => {
        await recounts(2);
        const reader = recordingReader();
        let asked = 0;
        running.push(
          under.feed.subscribe({
            ...reader.subscriber,
            position: async () => {
              asked += 1;
              if (asked < 4) throw new Error('not open yet');
              return 0;
            },
          }),
        );
        await consumedAll(reader, 2);
        expect(asked).toBe(4);
      });
      test.each<[string, object]>([
        ['a full disk', { code: 'SQLITE_FULL' }],
        ['a full file system', { code: 'ENOSPC' }],
        ['a busy store', { code: 'SQLITE_BUSY' }],
        ['a set being rebuilt', { transient: true }],
      ])('for %s is tried until it succeeds, and nothing is set aside', async (_what, cause) => {
        await recounts(2);
        const reader = recordingReader();
        reader.fail = () => {
          if (reader.deliveries.length <= 20) throw Object.assign(new Error('no room'), cause);
        };
        subscribe(reader);
        await consumedAll(reader, 2);
        expect(reader.deliveries).toHaveLength(21);
        expect(await under.feed.deadLetters.list()).toEqual([]);
      });
      test('does not stop other readers', async () => {
        const [failing, other] = [recordingReader('failing'), recordingReader('other')];
        failing.fail = () => {
          throw Object.assign(new Error('no room'), { transient: true });
        };
        subscribe(failing);
        subscribe(other);
        await recounts(3);
        await consumedAll(other, 3);
        expect(failing.consumed).toEqual([]);
      });
    });

    describe('a subscription that is stopped', () => {
      test('delivers nothing more', async () => {
        const [stopped, other] = [recordingReader('stopped'), recordingReader('other')];
        const subscription = subscribe(stopped);
        subscribe(other);
        await recounts(1);
        await Promise.all([consumedAll(stopped, 1), consumedAll(other, 1)]);
        await subscription.stop();
        await recounts(1, 'may', 2);
        await consumedAll(other, 2);
        expect(stopped.consumed).toEqual(['may:1']);
      });
      test('ends after the delivery under way', async () => {
        const reader = recordingReader();
        let begun: () => void = () => undefined;
        let release: () => void = () => undefined;
        const beginning = new Promise<void>((resolve) => (begun = resolve));
        reader.fail = () => {
          begun();
          return new Promise<void>((resolve) => (release = resolve));
        };
        const subscription = subscribe(reader);
        await recounts(25);
        await beginning;
        const stopping = subscription.stop();
        release();
        await stopping;
        expect(reader.deliveries).toHaveLength(1);
        expect(reader.position).toBe(reader.deliveries[0]?.through);
      });
      test('can be stopped again, before anything came', async () => {
        const subscription = subscribe(recordingReader());
        await Promise.all([subscription.stop(), subscription.stop()]);
        await subscription.stop();
      });
      test('does not go on trying', async () => {
        await recounts(1);
        const reader = recordingReader();
        reader.fail = () => {
          throw Object.assign(new Error('no room'), { transient: true });
        };
        const subscription = subscribe(reader);
        await reader.until(() => reader.deliveries.length > 2);
        await subscription.stop();
        const tries = reader.deliveries.length;
        await new Promise(setImmediate);
        expect(reader.deliveries).toHaveLength(tries);
      });
      test('can be followed by another that goes on', async () => {
        await recounts(2);
        const reader = recordingReader();
        const subscription = subscribe(reader);
        await consumedAll(reader, 2);
        await subscription.stop();
        await recounts(2, 'may', 3);
        subscribe(reader, await under.reopen());
        await consumedAll(reader, 4);
        expect(reader.consumed).toEqual(upTo(4));
      });
    });
  });
}
