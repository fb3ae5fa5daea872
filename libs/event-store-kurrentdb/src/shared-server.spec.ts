import { randomUUID } from 'node:crypto';
import type { EventStore } from '@phancong/event-sourcing';
import { idsOf, newEvents, SettableClock, wholeLog } from '@phancong/event-sourcing/testing';
import { kurrentEventStore, type KurrentEventStoreOptions } from './kurrent-event-store.ts';
import { LogTail } from './log-tail.ts';
import { positionOf } from './stored-event.ts';
import { type KurrentTestServer, startKurrentTestServer } from './testing/index.ts';

let server: KurrentTestServer;
const opened: EventStore[] = [];
beforeAll(async () => {
  server = await startKurrentTestServer();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(() => server.close());

const open = (service: string, options: Partial<KurrentEventStoreOptions> = {}): EventStore => {
  const store = kurrentEventStore({ connectionString: server.connectionString, service, ...options });
  opened.push(store);
  return store;
};

describe('services on one server', () => {
  it('see their own streams only, under their plain names', async () => {
    const run = randomUUID();
    const [membership, activity, other] = [open(run), open(`${run}-activity`), open(run.slice(1))];
    const [joined, held] = [newEvents(2), newEvents(3)];
    await membership.append('member-1', 'none', joined);
    await activity.append('member-1', 'none', held);
    expect(idsOf(await wholeLog(membership))).toEqual(idsOf(joined));
    expect(idsOf(await wholeLog(activity, 2))).toEqual(idsOf(held));
    expect((await activity.readStream('member-1')).map(({ stream }) => stream)).toEqual(Array(3).fill('member-1'));
    expect(await other.head()).toBe(0);
    expect(await membership.head()).toBe((await membership.readStream('member-1')).at(-1)?.position);
  });

  it('are told of their own events only', async () => {
    const run = randomUUID();
    const [membership, activity] = [open(run), open(`${run}-activity`)];
    const heads: number[] = [];
    const told = new Promise<void>((resolve) => {
      membership.onAppended((head) => {
        heads.push(head);
        resolve();
      });
    });
    await activity.append('activity-1', 'none', newEvents(40));
    const { position } = await membership.append('member-1', 'none', newEvents(1));
    await told;
    expect(heads).toEqual([position]);
  });
});

describe('two processes of one service', () => {
  it('know of each other what is there, what it is called and when it was recorded', async () => {
    const service = randomUUID();
    const clock = new SettableClock();
    const [one, other] = [open(service, { clock: clock.tell }), open(service, { clock: clock.tell })];
    await other.head();
    const events = newEvents(2);
    const told = new Promise<number>((resolve) => other.onAppended(resolve));
    const answer = await one.append('member-1', 'none', events);
    expect(await told).toBe(answer.position);
    clock.set('2004-01-01T00:00:00.000Z');
    expect(await other.append('member-1', 'none', events)).toEqual(answer);
    await expect(other.append('member-2', 'none', events)).rejects.toMatchObject({ name: 'DuplicateEvent' });
    await other.append('member-1', 1, newEvents(1));
    expect((await wholeLog(one)).map(({ recordedAt }) => recordedAt)).toEqual(
      Array(3).fill('2014-05-02T03:04:05.678Z'),
    );
  });

  it('tell of an append by its last event', async () => {
    const service = randomUUID();
    const [one, other] = [open(service), open(service)];
    await other.head();
    const heads: number[] = [];
    other.onAppended((head) => heads.push(head));
    const first = await one.append('member-1', 'none', newEvents(500));
    const second = await one.append('member-1', 499, newEvents(1));
    await new Promise<void>((resolve) => {
      if (heads.includes(second.position)) resolve();
      other.onAppended((head) => head === second.position && resolve());
    });
    expect([first.position, second.position]).toEqual(expect.arrayContaining(heads));
  });

  it('give the same answer for the same append, asked of both at the same time', async () => {
    const service = randomUUID();
    const stores = [open(service), open(service)];
    const events = newEvents(3);
    const [one, other] = await Promise.all(stores.map((store) => store.append('member-1', 'none', events)));
    expect(other).toEqual(one);
    expect(server.log.readStream(`${service}/member-1`, 0, 10)).toHaveLength(3);
  });
});

describe('what is kept of a log', () => {
  it('positions must fit a number', () => {
    expect(positionOf(2n ** 53n - 1n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => positionOf(2n ** 53n)).toThrow(RangeError);
  });

  it('the last fifty thousand ids are remembered, not more', () => {
    const tail = new LogTail();
    const events = newEvents(50_001);
    events.forEach(({ id }, index) => tail.saw(id, index + 1));
    expect(events.map(({ id }) => tail.has(id)).filter((has) => !has)).toHaveLength(1);
    expect(tail.position).toBe(50_001);
  });

  it('an event that another program wrote is not taken for ours', async () => {
    const service = randomUUID();
    const foreign = { id: randomUUID(), type: 'Other', contentType: 'application/json', metadata: Buffer.from('{}') };
    server.log.append(`${service}/member-1`, -1, [{ ...foreign, data: Buffer.from('{}') }]);
    const store = open(service, { patienceMs: 200 });
    await expect(store.readStream('member-1')).rejects.toThrow('was not written by this program');
  });
});
