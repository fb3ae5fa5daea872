import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  durableEventStoreContract,
  newEvent,
  newEvents,
  sealContract,
  wholeLog,
} from '@phancong/event-sourcing/testing';
import { sqliteEventStore } from './sqlite-event-store.ts';

durableEventStoreContract('SQLite', async (clock) => {
  const folder = await mkdtemp(join(tmpdir(), 'phancong-log-'));
  const options = { file: join(folder, 'events.db'), clock };
  let store = sqliteEventStore(options);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = sqliteEventStore(options);
      return store;
    },
    cleanUp: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});

sealContract('SQLite', async (clock) => {
  const folder = await mkdtemp(join(tmpdir(), 'phancong-log-'));
  const store = sqliteEventStore({ file: join(folder, 'events.db'), clock });
  return {
    store,
    cleanUp: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});

it('an event that cannot be stored fails its own append alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'phancong-log-'));
  const store = sqliteEventStore({ file: join(folder, 'events.db') });
  const outcomes = await Promise.allSettled([
    store.append('member-1', 'none', newEvents(2)),
    store.append('member-2', 'none', [...newEvents(1), newEvent({ version: 1.5 })]),
    store.append('member-2', 'none', newEvents(1)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((await wholeLog(store)).map(({ stream }) => stream)).toEqual(['member-1', 'member-1', 'member-2']);
  await store.close();
  await rm(folder, { recursive: true });
});

describe('reads of one turn', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phancong-log-'));
    file = join(folder, 'events.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('do not stand in the way of what is appended in it, and then see that', async () => {
    const store = sqliteEventStore({ file });
    const appended = store.append('member-1', 'none', newEvents(1));
    expect(await store.readStream('member-1')).toEqual([]);
    await appended;
    expect(await store.readStream('member-1')).toHaveLength(1);
    const more = store.append('member-1', 0, newEvents(1));
    expect(await store.head()).toBe(1);
    await more;
    expect(await store.readAll(0, 10)).toHaveLength(2);
    await store.close();
  });

  it('are of one state; in the next turn they see what another process has appended', async () => {
    const [one, other] = [sqliteEventStore({ file }), sqliteEventStore({ file })];
    expect(await one.head()).toBe(0);
    await other.append('member-1', 'none', newEvents(1));
    await new Promise(setImmediate);
    expect(await one.head()).toBe(1);
    await one.close();
    await other.close();
  });

  it('leave nothing beside the log when it is closed in the same turn', async () => {
    const store = sqliteEventStore({ file });
    await store.append('member-1', 'none', newEvents(1));
    await store.readStream('member-1');
    await store.close();
    expect(await readdir(folder)).toEqual(['events.db']);
  });
});
