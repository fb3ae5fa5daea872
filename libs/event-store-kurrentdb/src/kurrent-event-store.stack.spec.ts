import { randomUUID } from 'node:crypto';
import { durableEventStoreContract } from '@phancong/event-sourcing/testing';
import { kurrentEventStore } from './kurrent-event-store.ts';
import { type KurrentTestServer, startKurrentTestServer } from './testing/index.ts';

jest.setTimeout(60_000);

/** A real server if KURRENTDB_URL names one; else the one for tests. */
const url = process.env['KURRENTDB_URL'];
let server: KurrentTestServer | undefined;
let connectionString = url ?? '';
beforeAll(async () => {
  if (url !== undefined) return;
  server = await startKurrentTestServer();
  connectionString = server.connectionString;
});
afterAll(() => server?.close());

durableEventStoreContract(url === undefined ? 'KurrentDB, test server' : 'KurrentDB', async (clock) => {
  const options = { connectionString, service: `test-${randomUUID()}`, clock };
  let store = kurrentEventStore(options);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = kurrentEventStore(options);
      return store;
    },
    cleanUp: () => store.close(),
  };
});
