import { appendContract } from './append-contract.ts';
import type { MakeDurableStore, MakeStore } from './event-store-under-test.ts';
import { readContract } from './read-contract.ts';
import { reopenContract } from './reopen-contract.ts';

/**
 * The behaviour that every EventStore has, as a Jest suite.
 * @param makeStore makes a new, empty store for each case; `recordedAt` comes from the clock given
 */
export function eventStoreContract(name: string, makeStore: MakeStore): void {
  describe(`event store: ${name}`, () => {
    appendContract(makeStore);
    readContract(makeStore);
  });
}

/** `eventStoreContract`, and what holds beside it for a store that outlives its process. */
export function durableEventStoreContract(name: string, makeStore: MakeDurableStore): void {
  eventStoreContract(name, makeStore);
  describe(`event store: ${name}, opened again`, () => reopenContract(makeStore));
}
