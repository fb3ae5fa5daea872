import { inMemoryEventStore } from './in-memory-event-store.ts';
import { eventStoreContract } from './testing/index.ts';

eventStoreContract('in memory', async (clock) => {
  const store = inMemoryEventStore(clock);
  return { store, cleanUp: () => store.close() };
});
