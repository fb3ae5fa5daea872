import { mkdtemp, rm } from 'node:fs/promises';
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
