import { randomUUID } from 'node:crypto';
import { durableEventStoreContract } from '@phancong/event-sourcing/testing';
import { kurrentEventStore } from './kurrent-event-store.ts';
import { type KurrentTestServer, startKurrentTestServer } from './testing/index.ts';

// Thousands of events go over the network and back in some of the cases.
jest.setTimeout(30_000);

let server: KurrentTestServer;
beforeAll(async () => {
  server = await startKurrentTestServer();
});
afterAll(() => server.close());

durableEventStoreContract('KurrentDB, test server', async (clock) => {
  const options = { connectionString: server.connectionString, service: `test-${randomUUID()}`, clock };
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
