import { inMemoryEventStore } from './in-memory-event-store.ts';
import { type Clock } from './time.ts';
import { eventStoreContract, sealContract } from './testing/index.ts';

const made = async (clock: Clock) => {
  const store = inMemoryEventStore(clock);
  return { store, cleanUp: () => store.close() };
};

eventStoreContract('in memory', made);
sealContract('in memory', made);
