import type { SealableEventStore } from '../event-store.ts';
import { sealAll } from '../seal-all.ts';
import { type Clock, Instant } from '../time.ts';
import { SettableClock } from './event-store-under-test.ts';
import { newEvents } from './new-event.ts';

const NOON = Instant.parse('2014-05-02T12:00:00.000Z');

/**
 * How a store tells what is over of its log, as a Jest suite.
 * @param makeStore makes a new, empty store for each case; `recordedAt` comes from the clock given
 */
export function sealContract(
  name: string,
  makeStore: (clock: Clock) => Promise<{ store: SealableEventStore; cleanUp: () => Promise<void> }>,
): void {
  describe(`sealing: ${name}`, () => {
    const cleanUps: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const cleanUp of cleanUps.splice(0)) await cleanUp();
    });
    const made = async (clock: SettableClock): Promise<SealableEventStore> => {
      const { store, cleanUp } = await makeStore(clock.tell);
      cleanUps.push(cleanUp);
      return store;
    };
    const recorded = async (store: SealableEventStore): Promise<readonly string[]> =>
      (await store.readAll(0, 100)).map(({ recordedAt }) => recordedAt.slice(11));
    let clock: SettableClock;
    beforeEach(() => {
      clock = new SettableClock();
      clock.set(NOON);
    });

    it('names the time, and where the log ends', async () => {
      const store = await made(clock);
      expect(await store.seal(NOON)).toEqual({ at: NOON, head: 0 });
      const { position } = await store.append('member-1', 'none', newEvents(2));
      const later = Instant.parse('2014-05-02T13:00:00.000Z');
      expect(await store.seal(later)).toEqual({ at: later, head: position });
    });

    it('names the time of the last event where that is later', async () => {
      const store = await made(clock);
      await store.append('member-1', 'none', newEvents(1));
      expect(await store.seal(Instant.parse('2014-05-02T11:00:00.000Z'))).toMatchObject({ at: NOON });
    });

    it('given the same millisecond, what comes after is recorded in the next', async () => {
      const store = await made(clock);
      await store.append('member-1', 'none', newEvents(1));
      await store.seal(NOON);
      await store.append('member-1', 0, newEvents(2));
      expect(await recorded(store)).toEqual(['12:00:00.000Z', '12:00:00.001Z', '12:00:00.001Z']);
    });

    it('given a clock that is set back, what comes after is still recorded later', async () => {
      const store = await made(clock);
      await store.seal(NOON);
      clock.set('2014-05-02T11:00:00.000Z');
      await store.append('member-1', 'none', newEvents(1));
      expect(await recorded(store)).toEqual(['12:00:00.001Z']);
    });

    it('given an append that is under way, it is before the seal or recorded later', async () => {
      const store = await made(clock);
      const appending = store.append('member-1', 'none', newEvents(1));
      const { at, head } = await store.seal(NOON);
      const { position } = await appending;
      const [event] = await store.readAll(0, 1);
      expect(position <= head || (event && event.recordedAt > at)).toBe(true);
    });

    it('given several logs, all are sealed at the time of the latest event', async () => {
      const [one, other] = [await made(clock), await made(clock)];
      await one.append('member-1', 'none', newEvents(1));
      const logs = new Map([
        ['other', other],
        ['one', one],
      ] as const);
      const sealed = await sealAll(logs, Instant.parse('2014-05-02T11:00:00.000Z'));
      expect(sealed).toEqual({ at: NOON, heads: { one: await one.head(), other: 0 } });
      clock.set('2014-05-02T11:30:00.000Z');
      await other.append('member-1', 'none', newEvents(1));
      expect(await recorded(other)).toEqual(['12:00:00.001Z']);
    });
  });
}
