import { randomUUID } from 'node:crypto';
import {
  type Appended,
  type EventStore,
  type NewEvent,
  StoreClosed,
  StoreUnavailable,
  WrongExpectedRevision,
} from '@phancong/event-sourcing';
import { fcSeed, idsOf, newEvent, newEvents, wholeLog } from '@phancong/event-sourcing/testing';
import fc from 'fast-check';
import { type KurrentEventStore, kurrentEventStore, type KurrentEventStoreOptions } from './kurrent-event-store.ts';
import { type KurrentTestServer, type KurrentTestServerOptions, startKurrentTestServer } from './testing/index.ts';

jest.setTimeout(60_000);

let server: KurrentTestServer;
let service: string;
const opened: EventStore[] = [];

async function givenServer(options: KurrentTestServerOptions = {}): Promise<void> {
  server = await startKurrentTestServer(options);
  service = `test-${randomUUID()}`;
}
const open = (options: Partial<KurrentEventStoreOptions> = {}): KurrentEventStore => {
  const store = kurrentEventStore({ connectionString: server.connectionString, service, ...options });
  opened.push(store);
  return store;
};
/** A store that has answered and follows the log. */
async function givenStore(options: Partial<KurrentEventStoreOptions> = {}): Promise<KurrentEventStore> {
  const store = open(options);
  await store.head();
  await until(() => store.following().live);
  return store;
}
afterEach(async () => {
  server.release();
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await server.close();
});

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
/** Looks again after every turn of the clock, as long as the test may take. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}
const toldBy = (store: EventStore): number[] => {
  const heads: number[] = [];
  store.onAppended((head) => heads.push(head));
  return heads;
};
const keptBy = ({ log }: KurrentTestServer): string[] =>
  log
    .readAll(0, 100_000)
    .filter(({ stream }) => !stream.startsWith('$'))
    .map(({ id }) => id);

describe('given a server that restarts', () => {
  beforeEach(() => givenServer());

  it('when it is back, listeners are told of what others append', async () => {
    const [store, other] = [await givenStore(), await givenStore()];
    const heads = toldBy(store);
    await server.stop();
    await until(() => !store.following().live);
    expect(store.following()).toMatchObject({ live: false, reason: expect.stringMatching(/./) });

    await server.start();
    const { position } = await other.append('member-1', 'none', newEvents(3));
    await until(() => heads.includes(position));
    await until(() => store.following().live);
    expect(await store.head()).toBe(position);
  });

  it('goes on where it stood, and not at the beginning', async () => {
    const [store, other] = [await givenStore(), await givenStore()];
    const heads = toldBy(store);
    const { position } = await other.append('member-1', 'none', newEvents(100));
    await until(() => heads.includes(position));
    await other.close();
    await server.stop();
    await until(() => !store.following().live);
    const readAll = jest.spyOn(server.log, 'readAll');
    await server.start();
    await until(() => store.following().live);
    expect(readAll).toHaveBeenCalled();
    expect(readAll.mock.calls.filter(([from]) => from < position)).toEqual([]);
  });

  it('what was appended while the subscription was broken is told too', async () => {
    const [store, other] = [await givenStore(), open()];
    const heads = toldBy(store);
    await server.stop();
    const appended = other.append('member-1', 'none', newEvents(1));
    await server.start();
    const { position } = await appended;
    await until(() => heads.includes(position));
  });

  it('appends that are asked for while it is gone are made when it is back, in order and once', async () => {
    const store = await givenStore();
    await server.stop();
    const events = newEvents(20);
    const appends: Promise<Appended>[] = [];
    for (const [index, event] of events.entries()) {
      appends.push(store.append('member-1', index === 0 ? 'none' : index - 1, [event]));
      await turn();
    }
    await server.start();
    expect((await Promise.all(appends)).map(({ revision }) => revision)).toEqual(events.map((_, index) => index));
    expect(keptBy(server)).toEqual(idsOf(events));
  });

  it('a read that is asked for while it is gone is answered when it is back', async () => {
    const store = await givenStore();
    const events = newEvents(3);
    await store.append('member-1', 'none', events);
    await server.stop();
    const reads = Promise.all([store.readStream('member-1'), store.readAll(0, 10), store.head()]);
    await server.start();
    const [stream, log, head] = await reads;
    expect([idsOf(stream), idsOf(log), head]).toEqual([idsOf(events), idsOf(events), log.at(-1)?.position]);
  });

  it('a store that was opened while it is gone works when it is back', async () => {
    await server.stop();
    const store = open();
    expect(store.following().live).toBe(false);
    const append = store.append('member-1', 'none', newEvents(1));
    await server.start();
    expect(await append).toMatchObject({ revision: 0 });
    await until(() => store.following().live);
  });
});

describe('given a server that stays away', () => {
  beforeEach(() => givenServer());

  it('everything fails as unavailable after its time, and the same append can be made later', async () => {
    const store = await givenStore({ patienceMs: 200 });
    await server.stop();
    const events = newEvents(2);
    for (const asked of [
      store.append('member-1', 'none', events),
      store.readStream('member-1'),
      store.readAll(0, 10),
      store.head(),
    ]) {
      await expect(asked).rejects.toBeInstanceOf(StoreUnavailable);
    }
    await server.start();
    await until(() => store.following().live);
    expect(await store.append('member-1', 'none', events)).toMatchObject({ revision: 1 });
    expect(keptBy(server)).toEqual(idsOf(events));
  });

  it('closing does not wait for it, and tells who waits', async () => {
    const store = await givenStore();
    await server.stop();
    const append = store.append('member-1', 'none', newEvents(1));
    const refused = expect(append).rejects.toBeInstanceOf(StoreClosed);
    await store.close();
    await refused;
  });
});

describe('given a connection that breaks', () => {
  beforeEach(() => givenServer());

  it('when an answer is lost with it, the append is found again and not made twice', async () => {
    const store = await givenStore();
    const events = newEvents(2);
    server.hold();
    const append = store.append('member-1', 'none', events);
    await until(() => keptBy(server).length === 2);
    server.release();
    server.cut();
    const [, last] = server.log.readStream(`${service}/member-1`, 0, 10);
    expect(await append).toEqual({ revision: 1, position: last?.position });
    expect(keptBy(server)).toEqual(idsOf(events));
  });

  it('when the answers to many are lost, each gets its own, and what builds on them too', async () => {
    const store = await givenStore();
    const events = newEvents(50);
    server.hold();
    const appends = events.map((event, index) =>
      store.append(`member-${index % 5}`, index < 5 ? 'none' : Math.floor(index / 5) - 1, [event]),
    );
    await until(() => keptBy(server).length === 50);
    await server.stop();
    await until(() => !store.following().live);
    const later = store.append('member-0', 9, newEvents(1));
    server.release();
    await server.start();
    const answers = await Promise.all(appends);
    expect(answers.map(({ revision }) => revision)).toEqual(events.map((_, index) => Math.floor(index / 5)));
    const log = await wholeLog(store);
    expect(answers.map(({ position }) => position)).toEqual(log.slice(0, 50).map(({ position }) => position));
    expect(await later).toMatchObject({ revision: 10 });
  });

  it('when another was faster meanwhile, that is told', async () => {
    const store = await givenStore();
    await server.stop();
    const append = store.append('member-1', 'none', newEvents(1));
    const refused = expect(append).rejects.toMatchObject({ name: 'WrongExpectedRevision', actual: 0 });
    const bytes = { contentType: 'application/octet-stream', data: Buffer.alloc(0), metadata: Buffer.alloc(0) };
    server.log.append(`${service}/member-1`, -1, [{ id: randomUUID(), type: 'MemberJoined', ...bytes }]);
    await server.start();
    await refused;
  });
});

describe('given answers that come late', () => {
  beforeEach(() => givenServer());

  it('when an append is sent again meanwhile, it is made once and answered rightly', async () => {
    const store = await givenStore({ answerMs: 50 });
    const events = newEvents(2);
    let sent = 0;
    const append = server.log.append;
    jest.spyOn(server.log, 'append').mockImplementation((...call) => {
      sent += 1;
      return append(...call);
    });
    server.hold();
    const appended = store.append('member-1', 'none', events);
    await until(() => sent >= 3);
    server.release();
    const last = server.log.readStream(`${service}/member-1`, 1, 1)[0];
    expect(await appended).toEqual({ revision: 1, position: last?.position });
    expect(keptBy(server)).toEqual(idsOf(events));
  });

  it('when its time is over, the append fails as unavailable, and asking again gives the answer', async () => {
    const store = await givenStore({ answerMs: 50, patienceMs: 200 });
    const events = newEvents(2);
    server.hold();
    await expect(store.append('member-1', 'none', events)).rejects.toBeInstanceOf(StoreUnavailable);
    server.release();
    expect(await store.append('member-1', 'none', events)).toMatchObject({ revision: 1 });
    expect(keptBy(server)).toEqual(idsOf(events));
  });

  it('closing does not take an unanswered append for made', async () => {
    const store = await givenStore({ answerMs: 100 });
    server.hold();
    const append = store.append('member-1', 'none', newEvents(1));
    const refused = expect(append).rejects.toBeInstanceOf(StoreClosed);
    await store.close();
    await refused;
  });
});

describe('given a server that takes no more than a megabyte at once', () => {
  beforeEach(() => givenServer({ maxAppendSize: 1024 * 1024 }));

  it('a larger append is refused at once with the reason, and the others go on', async () => {
    const store = await givenStore();
    const large = store.append('member-1', 'none', [newEvent({ data: JSON.stringify('đ'.repeat(600_000)) })]);
    const small = store.append('member-2', 'none', newEvents(1));
    await expect(large).rejects.toThrow('MaximumAppendSizeExceeded');
    expect(await small).toMatchObject({ revision: 0 });
    expect(await store.readStream('member-1')).toEqual([]);
  });
});

it.each([1, 2, 3])('two writers lose and double nothing while links break and the server restarts (%i)', async () => {
  await givenServer();
  const stores = [await givenStore(), await givenStore()];
  const [first] = stores;
  const made: NewEvent[] = [];
  const write = async (store: EventStore, stream: string, event: NewEvent): Promise<void> => {
    for (;;) {
      const last = (await store.readStream(stream)).at(-1);
      try {
        await store.append(stream, last?.revision ?? 'none', [event]);
        made.push(event);
        return;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  };
  let writing = true;
  const writers = Promise.all(
    stores.flatMap((store) =>
      ['organisations', 'member-1', 'member-2'].map(async (stream) => {
        for (const event of newEvents(15)) await write(store, stream, event);
      }),
    ),
  ).finally(() => (writing = false));
  const faults = fc.sample(fc.constantFrom('cut', 'restart', 'lose', 'rest'), { numRuns: 1_000, ...fcSeed() });
  for (const fault of faults) {
    if (!writing) break;
    if (fault === 'cut') server.cut();
    if (fault === 'lose') server.hold();
    if (fault === 'restart') await server.stop().then(() => server.start());
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (fault === 'lose') server.cut();
    server.release();
    await until(() => stores.every((store) => store.following().live) || !writing);
  }
  await writers;
  expect(keptBy(server).sort()).toEqual(idsOf(made).sort());
  expect(made).toHaveLength(90);
  expect(await first?.head()).toBe((await wholeLog(first ?? open())).at(-1)?.position);
});
