import fc from 'fast-check';
import {
  type Appended,
  DuplicateEvent,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  type RecordedEvent,
  WrongExpectedRevision,
} from '../event-store.ts';
import { inMemoryEventStore } from '../in-memory-event-store.ts';
import { idsOf, type MadeStore, type MakeStore, SettableClock, wholeLog } from './event-store-under-test.ts';
import { newEvent, newEvents } from './new-event.ts';
import { fcSeed } from './seed.ts';

export function appendContract(makeStore: MakeStore): void {
  let clock: SettableClock;
  let made: MadeStore;
  let store: EventStore;
  beforeEach(async () => {
    clock = new SettableClock();
    made = await makeStore(clock.tell);
    store = made.store;
  });
  afterEach(() => made.cleanUp());

  describe('appending', () => {
    it('begins a stream at revision 0', async () => {
      const { revision, position } = await store.append('member-1', 'none', [newEvent()]);
      expect(revision).toBe(0);
      expect(position).toBeGreaterThan(0);
    });

    it('answers with the revision and the position of the last event', async () => {
      const answer = await store.append('member-1', 'none', newEvents(3));
      expect(answer).toEqual({ revision: 2, position: await store.head() });
    });

    it('goes on where the stream ends', async () => {
      const first = await store.append('member-1', 'none', newEvents(2));
      const second = await store.append('member-1', 1, newEvents(2));
      expect(second.revision).toBe(3);
      expect(second.position).toBeGreaterThan(first.position);
      expect((await store.readStream('member-1')).map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
    });

    it('keeps the streams apart and the log in order', async () => {
      await store.append('member-1', 'none', newEvents(2));
      await store.append('member-2', 'none', newEvents(1));
      await store.append('member-1', 1, newEvents(1));
      expect((await wholeLog(store)).map(({ stream, revision }) => [stream, revision])).toEqual([
        ['member-1', 0],
        ['member-1', 1],
        ['member-2', 0],
        ['member-1', 2],
      ]);
    });

    it('refuses to append nothing', async () => {
      await expect(store.append('member-1', 'none', [])).rejects.toThrow(RangeError);
      expect(await store.head()).toBe(0);
    });
  });

  describe('the expected revision', () => {
    beforeEach(() => store.append('member-1', 'none', newEvents(3)));

    it.each<ExpectedRevision>(['none', -1, 0, 1, 3])('%s is refused when the last is 2', async (expected) => {
      const append = store.append('member-1', expected, [newEvent()]);
      await expect(append).rejects.toBeInstanceOf(WrongExpectedRevision);
      await expect(append).rejects.toMatchObject({ stream: 'member-1', expected, actual: 2 });
    });

    it('is refused for a stream that does not exist', async () => {
      await expect(store.append('member-2', 0, [newEvent()])).rejects.toMatchObject({
        name: 'WrongExpectedRevision',
        expected: 0,
        actual: 'none',
      });
    });

    it('when it is wrong, nothing is kept', async () => {
      const head = await store.head();
      await expect(store.append('member-1', 7, newEvents(2))).rejects.toThrow(WrongExpectedRevision);
      expect(await store.head()).toBe(head);
      expect(await store.readStream('member-1')).toHaveLength(3);
    });

    it('when it is wrong, the right one still goes through', async () => {
      const events = [newEvent()];
      await expect(store.append('member-1', 1, events)).rejects.toThrow(WrongExpectedRevision);
      await expect(store.append('member-1', 2, events)).resolves.toMatchObject({ revision: 3 });
    });

    it('concerns its stream alone', async () => {
      await store.append('member-2', 'none', newEvents(9));
      await expect(store.append('member-1', 2, newEvents(1))).resolves.toMatchObject({ revision: 3 });
    });
  });

  describe('at the same time', () => {
    it('one of two appends at the same revision is made', async () => {
      const outcomes = await Promise.allSettled([
        store.append('member-1', 'none', [newEvent()]),
        store.append('member-1', 'none', [newEvent()]),
      ]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await store.readStream('member-1')).toHaveLength(1);
    });

    it('appends to different streams are all made, in the order asked for', async () => {
      const calls = Array.from({ length: 64 }, (_, index) => ({ stream: `member-${index}`, events: newEvents(2) }));
      const answers = await Promise.all(calls.map(({ stream, events }) => store.append(stream, 'none', events)));
      expect(answers.every(({ revision }) => revision === 1)).toBe(true);
      expect(idsOf(await wholeLog(store))).toEqual(calls.flatMap(({ events }) => idsOf(events)));
    });

    it('two thousand appends are as good as two', async () => {
      const events = newEvents(2_000);
      await Promise.all(
        events.map((event, index) => store.append('member-1', index === 0 ? 'none' : index - 1, [event])),
      );
      expect(idsOf(await store.readStream('member-1'))).toEqual(idsOf(events));
    });

    it('an append may build on one that is not answered yet', async () => {
      const answers = await Promise.all([
        store.append('member-1', 'none', newEvents(2)),
        store.append('member-1', 1, newEvents(1)),
        store.append('member-1', 2, newEvents(3)),
      ]);
      expect(answers.map(({ revision }) => revision)).toEqual([1, 2, 5]);
    });

    it('a refused append does not hold up the others', async () => {
      await store.append('member-1', 'none', newEvents(1));
      const [standing] = await store.readStream('member-1');
      const outcomes = await Promise.allSettled([
        store.append('member-2', 'none', newEvents(2)),
        store.append('member-1', 'none', newEvents(2)),
        store.append('member-3', 'none', [newEvent(), ...(standing ? [standing] : [])]),
        store.append('member-4', 'none', newEvents(2)),
        store.append('member-3', 'none', newEvents(1)),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      const log = await wholeLog(store);
      expect(log.map(({ stream, revision }) => `${stream}@${revision}`)).toEqual([
        'member-1@0',
        'member-2@0',
        'member-2@1',
        'member-4@0',
        'member-4@1',
        'member-3@0',
      ]);
    });

    it('writers who start again when they were too late all get through, and nothing is lost or doubled', async () => {
      const write = async (event: NewEvent): Promise<void> => {
        for (;;) {
          const last = (await store.readStream('organisations')).at(-1);
          try {
            await store.append('organisations', last?.revision ?? 'none', [event]);
            return;
          } catch (error) {
            if (!(error instanceof WrongExpectedRevision)) throw error;
          }
        }
      };
      const events = newEvents(20);
      await Promise.all(events.map(write));
      const stream = await store.readStream('organisations');
      expect(idsOf(stream).sort()).toEqual(idsOf(events).sort());
      expect(stream.map(({ revision }) => revision)).toEqual(events.map((_, index) => index));
    });
  });

  describe('the same append again', () => {
    it('is answered as before and adds nothing', async () => {
      const events = newEvents(2);
      const first = await store.append('member-1', 'none', events);
      expect(await store.append('member-1', 'none', events)).toEqual(first);
      expect(await wholeLog(store)).toHaveLength(2);
    });

    it('is answered as before when the stream has moved on', async () => {
      await store.append('member-1', 'none', newEvents(1));
      const events = newEvents(2);
      const answer = await store.append('member-1', 0, events);
      await store.append('member-1', 2, newEvents(5));
      expect(await store.append('member-1', 0, events)).toEqual(answer);
      expect(await store.readStream('member-1')).toHaveLength(8);
    });

    it('is answered with the first when both are under way', async () => {
      const events = newEvents(2);
      const [first, second] = await Promise.all([
        store.append('member-1', 'none', events),
        store.append('member-1', 'none', events),
      ]);
      expect(second).toEqual(first);
      expect(await wholeLog(store)).toHaveLength(2);
    });

    it('is known by the ids of its events alone', async () => {
      const event = newEvent();
      const first = await store.append('member-1', 'none', [event]);
      expect(await store.append('member-1', 'none', [{ ...event, data: '{}' }])).toEqual(first);
      expect((await store.readStream('member-1'))[0]?.data).toBe(event.data);
    });

    it('is answered for a beginning of it', async () => {
      const events = newEvents(3);
      await store.append('member-1', 'none', events);
      const second = (await store.readStream('member-1'))[1];
      expect(await store.append('member-1', 'none', events.slice(0, 2))).toEqual({
        revision: 1,
        position: second?.position,
      });
    });

    it.each<[string, (events: NewEvent[]) => NewEvent[]]>([
      ['with one event more', (events) => [...events, newEvent()]],
      ['in another order', (events) => events.toReversed()],
      ['with another event at the end', (events) => [...events.slice(0, -1), newEvent()]],
      ['without its beginning', (events) => events.slice(1)],
    ])('%s is another append', async (_, change) => {
      const events = newEvents(3);
      await store.append('member-1', 'none', events);
      await expect(store.append('member-1', 'none', change(events))).rejects.toThrow(WrongExpectedRevision);
      expect(await wholeLog(store)).toHaveLength(3);
    });
  });

  describe('an event id that stands elsewhere', () => {
    it.each(['member-1', 'member-2'])('is refused, and nothing of its append is kept (%s)', async (stream) => {
      const standing = newEvent();
      await store.append('member-1', 'none', [standing, newEvent()]);
      const append = store.append(stream, stream === 'member-1' ? 1 : 'none', [newEvent(), standing, newEvent()]);
      await expect(append).rejects.toBeInstanceOf(DuplicateEvent);
      await expect(append).rejects.toMatchObject({ id: standing.id });
      expect(await wholeLog(store)).toHaveLength(2);
    });

    it('leaves the stream free to begin, and positions without loss', async () => {
      const standing = newEvent();
      await store.append('member-1', 'none', [standing]);
      await expect(store.append('member-2', 'none', [newEvent(), standing])).rejects.toThrow(DuplicateEvent);
      expect(await store.append('member-2', 'none', newEvents(2))).toMatchObject({ revision: 1 });
      expect(await wholeLog(store)).toHaveLength(3);
    });

    it('is refused within one append', async () => {
      const twice = newEvent();
      await expect(store.append('member-1', 'none', [twice, newEvent(), twice])).rejects.toMatchObject({
        name: 'DuplicateEvent',
        id: twice.id,
      });
      expect(await store.head()).toBe(0);
    });

    it('is refused to the second of two streams at the same time', async () => {
      const event = newEvent();
      const outcomes = await Promise.allSettled([
        store.append('member-1', 'none', [event]),
        store.append('member-2', 'none', [event]),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
      expect(await store.readStream('member-2')).toEqual([]);
    });
  });

  describe('recordedAt', () => {
    const times = async (): Promise<string[]> => (await wholeLog(store)).map(({ recordedAt }) => recordedAt);

    it("is the clock's time, to the millisecond, the same for all events of an append", async () => {
      await store.append('member-1', 'none', newEvents(2));
      expect(await times()).toEqual(['2014-05-02T03:04:05.678Z', '2014-05-02T03:04:05.678Z']);
    });

    it('is the time at which the append was asked for', async () => {
      const append = store.append('member-1', 'none', newEvents(1));
      clock.set('2020-01-01T00:00:00.000Z');
      await append;
      expect(await times()).toEqual(['2014-05-02T03:04:05.678Z']);
    });

    it('never decreases along the log when the clock is set back', async () => {
      await store.append('member-1', 'none', newEvents(1));
      clock.set('2004-01-01T00:00:00.000Z');
      await store.append('member-2', 'none', newEvents(1));
      clock.set('2014-05-03T00:00:00.000Z');
      await store.append('member-3', 'none', newEvents(1));
      expect(await times()).toEqual([
        '2014-05-02T03:04:05.678Z',
        '2014-05-02T03:04:05.678Z',
        '2014-05-03T00:00:00.000Z',
      ]);
    });

    it('never decreases among appends at the same time', async () => {
      const appends = ['2014-06-03', '2014-06-01', '2014-06-02'].map((day) => {
        clock.set(`${day}T00:00:00.000Z`);
        return store.append(day, 'none', newEvents(1));
      });
      await Promise.all(appends);
      expect(await times()).toEqual(Array.from({ length: 3 }, () => '2014-06-03T00:00:00.000Z'));
    });

    it('does not come from a refused append', async () => {
      await store.append('member-1', 'none', newEvents(1));
      clock.set('2030-01-01T00:00:00.000Z');
      await expect(store.append('member-1', 'none', newEvents(1))).rejects.toThrow(WrongExpectedRevision);
      clock.set('2014-05-03T00:00:00.000Z');
      await store.append('member-1', 0, newEvents(1));
      expect((await times()).at(-1)).toBe('2014-05-03T00:00:00.000Z');
    });

    it('is not given again to the same append', async () => {
      const events = newEvents(1);
      await store.append('member-1', 'none', events);
      clock.set('2030-01-01T00:00:00.000Z');
      await store.append('member-1', 'none', events);
      expect(await times()).toEqual(['2014-05-02T03:04:05.678Z']);
    });
  });

  it('answers any appends, many at a time, as the store in memory does', async () => {
    const call = fc.record({
      stream: fc.constantFrom('a', 'b', 'c'),
      expected: fc.oneof(fc.constant('none' as const), fc.integer({ min: 0, max: 6 })),
      // A small pool of ids, so that repeats, duplicates and conflicts are common.
      ids: fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 1, maxLength: 3 }),
    });
    const groups = fc.array(fc.array(call, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(groups, async (calls) => {
        const time = new SettableClock();
        const one = await makeStore(time.tell);
        const model = inMemoryEventStore(time.tell);
        const pool = newEvents(15);
        const answers: PromiseSettledResult<Appended>[] = [];
        const expected: PromiseSettledResult<Appended>[] = [];
        try {
          for (const group of calls) {
            const ask = (asked: EventStore): Promise<PromiseSettledResult<Appended>[]> =>
              Promise.allSettled(
                group.map(({ stream, expected, ids }) =>
                  asked.append(
                    stream,
                    expected,
                    ids.flatMap((id) => pool[id] ?? []),
                  ),
                ),
              );
            answers.push(...(await ask(one.store)));
            expected.push(...(await ask(model)));
          }
          const log = await wholeLog(one.store);
          expect(answers.map(counted(log))).toEqual(expected);
          expect(log.map((event, index) => ({ ...event, position: index + 1 }))).toEqual(await wholeLog(model));
        } finally {
          await one.cleanUp();
        }
      }),
      { numRuns: 25, ...fcSeed() },
    );
  });
}

/** The answer with its position counted in events: stores may leave gaps, the one in memory leaves none. */
const counted =
  (log: readonly RecordedEvent[]) =>
  (answer: PromiseSettledResult<Appended>): PromiseSettledResult<Appended> =>
    answer.status === 'rejected'
      ? answer
      : {
          ...answer,
          value: { ...answer.value, position: 1 + log.findIndex(({ position }) => position === answer.value.position) },
        };
