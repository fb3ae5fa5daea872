import { AsyncLocalStorage } from 'node:async_hooks';
import { type EventStore, type Position, StoreClosed } from '../event-store.ts';
import { Day } from '../time.ts';
import { idsOf, type MadeStore, type MakeStore, SettableClock, wholeLog } from './event-store-under-test.ts';
import { newEvent, newEvents } from './new-event.ts';

export function readContract(makeStore: MakeStore): void {
  let clock: SettableClock;
  let made: MadeStore;
  let store: EventStore;
  beforeEach(async () => {
    clock = new SettableClock();
    made = await makeStore(clock.tell);
    store = made.store;
  });
  afterEach(() => made.cleanUp());

  describe('reading', () => {
    it('an empty log has neither events nor a head', async () => {
      expect(await store.readAll(0, 10)).toEqual([]);
      expect(await store.head()).toBe(0);
      expect(await store.readStream('member-1')).toEqual([]);
    });

    it('gives every field as it was appended, with its place and time', async () => {
      const event = newEvent({
        type: 'MemberLeft',
        version: 3,
        occurredAt: Day.parse('1975-04-30'),
        by: 'cán bộ-7',
        data: '{"reason":"died"}',
      });
      const { position } = await store.append('member-1', 'none', [event]);
      const recorded = {
        ...event,
        stream: 'member-1',
        revision: 0,
        position,
        recordedAt: '2014-05-02T03:04:05.678Z',
      };
      expect(await store.readStream('member-1')).toEqual([recorded]);
      expect(await store.readAll(0, 10)).toEqual([recorded]);
    });

    it('a stream from a revision on', async () => {
      const events = newEvents(5);
      await store.append('member-1', 'none', events);
      expect(idsOf(await store.readStream('member-1', 3))).toEqual(idsOf(events.slice(3)));
      expect(await store.readStream('member-1', 5)).toEqual([]);
      expect(await store.readStream('member-1', 500)).toEqual([]);
    });

    it('a long stream whole and in order', async () => {
      const events = newEvents(4_500);
      await store.append('member-1', 'none', events.slice(0, 2_000));
      await store.append('member-2', 'none', newEvents(10));
      await store.append('member-1', 1_999, events.slice(2_000));
      expect(idsOf(await store.readStream('member-1'))).toEqual(idsOf(events));
      expect(idsOf(await store.readStream('member-1', 1))).toEqual(idsOf(events.slice(1)));
    });

    it.each([1, 3, 10, 1_000])('the log in pages of %i gives every event once, in order', async (page) => {
      const events = newEvents(20);
      await store.append('member-1', 'none', events.slice(0, 7));
      await store.append('member-2', 'none', events.slice(7, 8));
      await store.append('member-1', 6, events.slice(8));
      const log = await wholeLog(store, page);
      expect(idsOf(log)).toEqual(idsOf(events));
      const positions = log.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].sort((one, other) => one - other));
      expect(await store.head()).toBe(positions.at(-1));
    });

    it('nothing after the head, and nothing when nothing is asked for', async () => {
      const { position } = await store.append('member-1', 'none', newEvents(2));
      expect(await store.readAll(position, 10)).toEqual([]);
      expect(await store.readAll(position + 100, 10)).toEqual([]);
      expect(await store.readAll(0, 0)).toEqual([]);
    });

    it.each([
      ['member-1', 'member-10'],
      ['code-group-a', 'code-group-A'],
      ['tổ-7', 'to-7'],
      ['x%', 'x_'],
    ])('keeps %s and %s apart', async (one, other) => {
      await store.append(one, 'none', newEvents(1));
      await store.append(other, 'none', newEvents(2));
      expect(await store.readStream(one)).toHaveLength(1);
      expect(await store.readStream(other)).toHaveLength(2);
    });

    it('what was read does not change with what comes later', async () => {
      await store.append('member-1', 'none', newEvents(1));
      const [stream, log] = [await store.readStream('member-1'), await store.readAll(0, 10)];
      await store.append('member-1', 0, newEvents(1));
      expect(stream).toHaveLength(1);
      expect(log).toHaveLength(1);
    });

    it('what was appended can be read as soon as it is answered', async () => {
      for (let revision = -1; revision < 10; revision += 1) {
        await store.append('member-1', revision === -1 ? 'none' : revision, newEvents(1));
        expect(await store.readStream('member-1')).toHaveLength(revision + 2);
      }
    });
  });

  describe('data is kept byte for byte', () => {
    it.each([
      ['Vietnamese, composed', JSON.stringify({ name: 'Đặng Thị Ngọc Ánh'.normalize('NFC') })],
      ['Vietnamese, decomposed', JSON.stringify({ name: 'Đặng Thị Ngọc Ánh'.normalize('NFD') })],
      ['beyond the basic plane', '{"note":"👩‍🌾 𠮷 \u{10ffff}"}'],
      ['spaces, order of keys and forms of numbers', '{ "b" : 1.0,\n\t"a":1e3, "z":-0 }\r\n'],
      ['escapes', '{"a":"\\u0110\\/\\n\\"\\\\","b":"\\u0000"}'],
      ['a half of a pair, as JSON writes it', JSON.stringify({ note: '\ud800' })],
      ['a zero character', '{"a":"\u0000b"}'],
      ['quotes of other languages', `{"a":"'); DROP TABLE events; --"}`],
      ['nothing', ''],
      ['a byte order mark', '\ufeff{}'],
    ])('%s', async (_, data) => {
      await store.append('member-1', 'none', [newEvent({ data })]);
      expect((await store.readStream('member-1'))[0]?.data).toBe(data);
      expect((await store.readAll(0, 1))[0]?.data).toBe(data);
    });

    it('five megabytes', async () => {
      const data = JSON.stringify({ note: 'đ'.repeat(2_500_000) });
      await store.append('member-1', 'none', [newEvent({ data }), newEvent()]);
      const [large, small] = await store.readStream('member-1');
      expect(large?.data === data).toBe(true);
      expect(small?.revision).toBe(1);
    });
  });

  describe('listeners', () => {
    const firstCall = (): { listener: (head: Position) => void; called: Promise<Position> } => {
      const { promise, resolve } = withResolver<Position>();
      return { listener: resolve, called: promise };
    };

    it('are told the new head once its events can be read', async () => {
      const seen = withResolver<readonly string[]>();
      store.onAppended((head) => {
        void store.readAll(0, head).then((events) => seen.resolve(idsOf(events)));
      });
      const events = newEvents(2);
      await store.append('member-1', 'none', events);
      expect(await seen.promise).toEqual(idsOf(events));
    });

    it('are all told', async () => {
      const calls = [firstCall(), firstCall()];
      for (const { listener } of calls) store.onAppended(listener);
      const { position } = await store.append('member-1', 'none', newEvents(2));
      expect(await Promise.all(calls.map(({ called }) => called))).toEqual([position, position]);
    });

    it('run in the context of who subscribed, whoever appended', async () => {
      const context = new AsyncLocalStorage<string>();
      const seen = withResolver<string | undefined>();
      context.run('subscriber', () => store.onAppended(() => seen.resolve(context.getStore())));
      await context.run('request', () => store.append('member-1', 'none', newEvents(1)));
      expect(await seen.promise).toBe('subscriber');
    });

    it('are told of the last of many appends', async () => {
      const heads: Position[] = [];
      const last = withResolver<undefined>();
      let end = Infinity;
      const look = (): void => {
        if (heads.at(-1) === end) last.resolve(undefined);
      };
      store.onAppended((head) => {
        heads.push(head);
        look();
      });
      const appends = Array.from({ length: 30 }, (_, index) => store.append(`member-${index}`, 'none', newEvents(1)));
      end = Math.max(...(await Promise.all(appends)).map(({ position }) => position));
      look();
      await last.promise;
      expect(heads).toEqual(heads.toSorted((one, other) => one - other));
    });

    it('are not told once they have gone', async () => {
      const gone = jest.fn();
      const staying = firstCall();
      store.onAppended(gone)();
      store.onAppended(staying.listener);
      await store.append('member-1', 'none', newEvents(1));
      await staying.called;
      expect(gone).not.toHaveBeenCalled();
    });

    it('are not told of refusals', async () => {
      const heads: Position[] = [];
      const [first, second] = [withResolver<undefined>(), withResolver<undefined>()];
      store.onAppended((head) => {
        heads.push(head);
        (heads.length === 1 ? first : second).resolve(undefined);
      });
      const { position } = await store.append('member-1', 'none', newEvents(1));
      await first.promise;
      await expect(store.append('member-1', 'none', newEvents(1))).rejects.toThrow();
      const { position: later } = await store.append('member-1', 0, newEvents(1));
      await second.promise;
      expect(heads).toEqual([position, later]);
    });
  });

  describe('closing', () => {
    it('refuses everything afterwards', async () => {
      await store.close();
      await expect(store.append('member-1', 'none', newEvents(1))).rejects.toBeInstanceOf(StoreClosed);
      await expect(store.readStream('member-1')).rejects.toBeInstanceOf(StoreClosed);
      await expect(store.readAll(0, 1)).rejects.toBeInstanceOf(StoreClosed);
      await expect(store.head()).rejects.toBeInstanceOf(StoreClosed);
    });

    it('may be repeated', async () => {
      await store.close();
      await expect(store.close()).resolves.toBeUndefined();
    });

    it('answers what was asked for before: made, or refused because it is closed', async () => {
      const appends = Array.from({ length: 5 }, (_, index) => store.append(`member-${index}`, 'none', newEvents(1)));
      const settled = Promise.allSettled(appends);
      await store.close();
      for (const outcome of await settled) {
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(StoreClosed);
      }
    });
  });
}

function withResolver<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
