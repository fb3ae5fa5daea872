import { randomUUID } from 'node:crypto';
import { durableEventStoreContract } from '@phancong/event-sourcing/testing';
import { kurrentEventStore } from './kurrent-event-store.ts';

jest.setTimeout(30_000);

const connectionString = process.env['KURRENTDB_URL'];

(connectionString === undefined ? describe.skip : describe)('on the server that KURRENTDB_URL names', () => {
  durableEventStoreContract('KurrentDB', async (clock) => {
    const options = { connectionString: connectionString ?? '', service: `test-${randomUUID()}`, clock };
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
});
