import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durableEventStoreContract } from '@phancong/event-sourcing/testing';
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
