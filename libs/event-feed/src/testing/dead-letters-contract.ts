import type { Feed, Subscription } from '../feed.ts';
import type { FeedUnderTest } from './feed-contract.ts';
import { type RecordingReader, recordingReader, textOf } from './recording-reader.ts';

/** What every feed does with messages that cannot be consumed. */
export function deadLettersContract(name: string, make: () => Promise<FeedUnderTest>): void {
  describe(`dead letters: ${name}`, () => {
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
    /** Recounts as `group:headcount`, in the order given. */
    const given = async (...recounts: readonly string[]) => {
      for (const each of recounts) {
        const [group = '', headcount] = each.split(':');
        await under.logs.assignment.recount(group, Number(headcount));
      }
    };
    const at = (reader: RecordingReader, position: number) => reader.until(() => reader.position >= position);
    const poisonedBy =
      (...poison: readonly string[]): RecordingReader['fail'] =>
      ({ messages }) => {
        const found = messages.map(textOf).find((text) => poison.includes(text));
        if (found) throw new TypeError(`cannot read ${found}`);
      };
    const poisoned = (...poison: readonly string[]): RecordingReader => {
      const reader = recordingReader();
      reader.fail = poisonedBy(...poison);
      return reader;
    };
    const may = { consumer: 'reporting/groups', source: 'assignment' as const, key: 'group-may' };
    const list = () => under.feed.deadLetters.list();
    const decision = { reason: 'the group was made by mistake', by: 'officer' };

    test('there are none at first', async () => {
      expect(await list()).toEqual([]);
    });
    test.each([
      ['the first', ['may:1', 'dien:1', 'dien:2'], ['dien:1', 'dien:2']],
      ['the last', ['dien:1', 'dien:2', 'may:1'], ['dien:1', 'dien:2']],
      ['one in the middle', ['dien:1', 'may:1', 'dien:2'], ['dien:1', 'dien:2']],
      ['the only one', ['may:1'], []],
    ])('%s of a batch is set aside and the others go on', async (_which, messages, consumed) => {
      await given(...messages);
      const reader = poisoned('may:1');
      subscribe(reader);
      await at(reader, messages.length);
      expect(reader.consumed).toEqual(consumed);
      expect((await list()).map(({ key }) => key)).toEqual(['group-may']);
    });
    test('it is known who could not consume what, from where, and why', async () => {
      await given('dien:1', 'may:1');
      const reader = poisoned('may:1');
      subscribe(reader);
      await at(reader, 2);
      expect(await list()).toEqual([
        { ...may, position: 2, error: 'TypeError: cannot read may:1', parkedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
      ]);
      expect(under.failures.at(-1)).toMatchObject({ consumer: 'reporting/groups', parked: 'group-may' });
    });
    test('it is tried a bounded number of times', async () => {
      await given('may:1');
      const reader = poisoned('may:1');
      subscribe(reader);
      await at(reader, 1);
      expect(reader.deliveries.filter(({ messages }) => messages.length > 0)).toHaveLength(3);
    });
    test('later messages of the key are held back, others are not', async () => {
      await given('may:1', 'may:2', 'dien:1');
      const reader = poisoned('may:2');
      subscribe(reader);
      await at(reader, 3);
      await given('may:3', 'dien:2', 'may:4');
      await at(reader, 6);
      expect(reader.consumed).toEqual(['may:1', 'dien:1', 'dien:2']);
    });
    test('several keys can be parked', async () => {
      await given('may:1', 'dien:1', 'tre:1', 'may:2', 'tre:2');
      const reader = poisoned('may:1', 'tre:2');
      subscribe(reader);
      await at(reader, 5);
      expect(reader.consumed).toEqual(['dien:1', 'tre:1']);
      expect((await list()).map(({ key, position }) => [key, position])).toEqual([
        ['group-may', 1],
        ['group-tre', 5],
      ]);
    });
    test('the batch after a poisoned one comes whole again', async () => {
      await given(...Array.from({ length: 10 }, (_, index) => (index === 4 ? 'may:1' : `dien:${index}`)));
      await given(...Array.from({ length: 10 }, (_, index) => `tre:${index}`));
      const reader = poisoned('may:1');
      subscribe(reader);
      await at(reader, 20);
      expect(reader.deliveries.at(-1)?.messages).toHaveLength(10);
      expect(reader.consumed).toHaveLength(19);
    });
    test('what one reader cannot consume reaches another', async () => {
      const [reader, other] = [poisoned('may:1'), recordingReader('other')];
      subscribe(reader);
      subscribe(other);
      await given('may:1', 'may:2');
      await Promise.all([at(reader, 2), at(other, 2)]);
      expect(other.consumed).toEqual(['may:1', 'may:2']);
      expect((await list()).map(({ consumer }) => consumer)).toEqual(['reporting/groups']);
    });
    test('an event that cannot be translated is set aside without being tried', async () => {
      await given('may:1');
      await under.logs.assignment.garble('may');
      await given('may:3', 'dien:1');
      const reader = recordingReader();
      subscribe(reader);
      await at(reader, 4);
      expect(reader.consumed).toEqual(['may:1', 'dien:1']);
      expect(await list()).toEqual([expect.objectContaining({ ...may, position: 2 })]);
    });
    test('a key is held back from its first untranslatable event on', async () => {
      await under.logs.assignment.garble('may');
      await given('may:2');
      await under.logs.assignment.garble('may');
      const reader = recordingReader();
      subscribe(reader);
      await at(reader, 3);
      expect(reader.consumed).toEqual([]);
      expect(await list()).toEqual([expect.objectContaining({ ...may, position: 1 })]);
    });
    test('an untranslatable event that stays so fails its replay', async () => {
      await under.logs.assignment.garble('may');
      const reader = recordingReader();
      subscribe(reader);
      await at(reader, 1);
      await expect(under.feed.deadLetters.replay(may)).rejects.toThrow();
      expect(await list()).toHaveLength(1);
    });

    describe('a replay', () => {
      const parked = async () => {
        const reader = poisoned('may:2');
        subscribe(reader);
        await given('may:1', 'may:2', 'dien:1', 'may:3');
        await at(reader, 4);
        expect(reader.consumed).toEqual(['may:1', 'dien:1']);
        return reader;
      };

      test('brings what was held back, in order, and moves no position', async () => {
        const reader = await parked();
        reader.fail = () => undefined;
        expect(await under.feed.deadLetters.replay(may)).toEqual({ messages: 2, through: 4 });
        expect(reader.consumed).toEqual(['may:1', 'dien:1', 'may:2', 'may:3']);
        expect(reader.deliveries.at(-1)).toMatchObject({ replay: true, through: 4 });
        expect(await list()).toEqual([]);
      });
      test('lets the key go on', async () => {
        const reader = await parked();
        reader.fail = () => undefined;
        await under.feed.deadLetters.replay(may);
        await given('may:4');
        await at(reader, 5);
        expect(reader.consumed.at(-1)).toBe('may:4');
      });
      test('that fails leaves the key parked', async () => {
        const reader = await parked();
        await expect(under.feed.deadLetters.replay(may)).rejects.toThrow('cannot read may:2');
        await given('may:4', 'dien:2');
        await at(reader, 6);
        expect(reader.consumed).toEqual(['may:1', 'dien:1', 'dien:2']);
        expect(await list()).toHaveLength(1);
      });
      test('loses nothing that is published meanwhile', async () => {
        const reader = await parked();
        reader.fail = async ({ replay }) => {
          if (replay) await given('may:4', 'dien:2', 'may:5');
        };
        await under.feed.deadLetters.replay(may);
        await at(reader, 7);
        expect(reader.consumed.filter((text) => text.startsWith('may'))).toEqual(
          [1, 2, 3, 4, 5].map((count) => `may:${count}`),
        );
      });
      test('of what is not parked is refused', async () => {
        subscribe(recordingReader());
        await expect(under.feed.deadLetters.replay(may)).rejects.toMatchObject({ code: 'not-parked' });
      });
      test('without its reader is refused, and the key stays parked', async () => {
        await parked();
        await Promise.all(running.map((subscription) => subscription.stop()));
        await expect(under.feed.deadLetters.replay(may)).rejects.toMatchObject({ code: 'not-consumed' });
        expect(await list()).toHaveLength(1);
      });
      test('after a restart brings what was held back before', async () => {
        const before = await parked();
        await Promise.all(running.map((subscription) => subscription.stop()));
        const feed = await under.reopen();
        expect((await feed.deadLetters.list()).map(({ key }) => key)).toEqual(['group-may']);
        const reader = recordingReader();
        reader.position = before.position;
        subscribe(reader, feed);
        await given('may:4', 'dien:2');
        await at(reader, 6);
        expect(reader.consumed).toEqual(['dien:2']);
        await feed.deadLetters.replay(may);
        expect(reader.consumed).toEqual(['dien:2', 'may:2', 'may:3', 'may:4']);
      });
      test('reaches a set and its rebuild, which share what is parked', async () => {
        const live = await parked();
        const rebuild = poisoned('may:2');
        subscribe(rebuild);
        await at(rebuild, 4);
        expect(rebuild.consumed).toEqual(['may:1', 'dien:1']);
        live.fail = () => undefined;
        rebuild.fail = () => undefined;
        await under.feed.deadLetters.replay(may);
        expect([live.consumed, rebuild.consumed]).toEqual(Array(2).fill(['may:1', 'dien:1', 'may:2', 'may:3']));
      });
    });

    test('it is known how many messages are held back so far', async () => {
      await given('may:1', 'may:2', 'dien:1', 'may:3');
      const reader = poisoned('may:2');
      const subscription = subscribe(reader);
      await at(reader, 4);
      const heldNow = async () => Promise.all((await list()).map((parked) => under.feed.deadLetters.held(parked)));
      expect(await heldNow()).toEqual([{ messages: 2, through: 4 }]);
      await given('may:4', 'dien:2');
      await at(reader, 6);
      expect(await heldNow()).toEqual([{ messages: 3, through: 5 }]);
      await subscription.stop();
      await given('may:5');
      expect(await heldNow()).toEqual([{ messages: 4, through: 7 }]);
    });

    describe('a drop', () => {
      const parked = async () => {
        await given('may:1', 'may:2', 'dien:1');
        const reader = poisoned('may:1');
        subscribe(reader);
        await at(reader, 3);
        return reader;
      };
      const { key, source, consumer } = may;

      test('gives up what was held back and lets the key go on', async () => {
        const reader = await parked();
        await under.feed.deadLetters.drop(may, decision);
        expect(await list()).toEqual([]);
        await given('may:3');
        await at(reader, 4);
        expect(reader.consumed).toEqual(['dien:1', 'may:3']);
      });
      test('writes down what was given up, by whom and why', async () => {
        await parked();
        const before = await under.feed.deadLetters.dropped();
        const dropped = await under.feed.deadLetters.drop(may, decision);
        expect(before).toEqual([]);
        expect(dropped).toMatchObject({ consumer, source, key, position: 1, through: 2, messages: 2, ...decision });
        expect(dropped.error).toBe('TypeError: cannot read may:1');
        expect(await under.feed.deadLetters.dropped()).toEqual([dropped]);
      });
      test('of what is not parked is refused and writes nothing down', async () => {
        await expect(under.feed.deadLetters.drop(may, decision)).rejects.toMatchObject({ code: 'not-parked' });
        expect(await under.feed.deadLetters.dropped()).toEqual([]);
      });
      test('needs no reader', async () => {
        await parked();
        await Promise.all(running.map((subscription) => subscription.stop()));
        await given('may:3');
        expect(await under.feed.deadLetters.drop(may, decision)).toMatchObject({ messages: 3, through: 4 });
      });
      test('lasts', async () => {
        await parked();
        const dropped = await under.feed.deadLetters.drop(may, decision);
        const { deadLetters } = await under.reopen();
        expect([await deadLetters.list(), await deadLetters.dropped()]).toEqual([[], [dropped]]);
      });
      test('of one key after the other is told in that order', async () => {
        const reader = poisoned('may:1', 'dien:1');
        subscribe(reader);
        await given('may:1', 'dien:1');
        await at(reader, 2);
        await under.feed.deadLetters.drop({ ...may, key: 'group-dien' }, decision);
        await under.feed.deadLetters.drop(may, decision);
        const names = (await under.feed.deadLetters.dropped()).map((dropped) => dropped.key);
        expect(names).toEqual(['group-dien', 'group-may']);
      });
    });
  });
}
