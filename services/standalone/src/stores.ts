import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ParkedKeys, sqliteParkedKeys } from '@phancong/event-feed';
import { type Clock, type IdempotencyKeys, type SealableEventStore } from '@phancong/event-sourcing';
import { sqliteEventStore, sqliteIdempotencyKeys } from '@phancong/event-store-sqlite';
import { type PersonKeys, sqlitePersonKeys } from '@phancong/privacy';
import { type ReadModels, scrubSqliteFile, sqliteReadModels } from '@phancong/read-models';

interface Closable {
  close(): Promise<void>;
}

/** What a service that takes commands keeps in DATA_DIR/<service>/. */
export interface ServiceStores {
  readonly store: SealableEventStore;
  readonly readModels: ReadModels;
  readonly idempotencyKeys: IdempotencyKeys;
}

/** Every file of the installation. */
export interface Stores {
  readonly membership: ServiceStores & { readonly keys: PersonKeys; readonly scrub: () => Promise<void> };
  readonly assignment: ServiceStores;
  readonly activity: ServiceStores;
  readonly reporting: { readonly readModels: ReadModels };
  /** Of the feed: keys held back because a message could not be consumed. */
  readonly parkedKeys: ParkedKeys;
  close(): Promise<void>;
}

/** @throws UnknownLogFile */
export function openStores(dataDir: string, clock: Clock): Stores {
  const opened: Closable[] = [];
  const kept = <T extends Closable>(store: T): T => {
    opened.push(store);
    return store;
  };
  const file = (service: string, name: string): string => {
    mkdirSync(join(dataDir, service), { recursive: true });
    return join(dataDir, service, name);
  };
  const readModels = (service: string): ReadModels => kept(sqliteReadModels({ file: file(service, 'read-models.db') }));
  const ofService = (service: string): ServiceStores => ({
    store: kept(sqliteEventStore({ file: file(service, 'events.db'), clock })),
    readModels: readModels(service),
    idempotencyKeys: kept(sqliteIdempotencyKeys({ file: file(service, 'idempotency.db') })),
  });
  return {
    membership: {
      ...ofService('membership'),
      keys: kept(sqlitePersonKeys({ file: file('membership', 'keys.db') })),
      async scrub() {
        // What this turn has read of the file is over with it (ADR 0127).
        await nextTurn();
        scrubSqliteFile(file('membership', 'read-models.db'));
      },
    },
    assignment: ofService('assignment'),
    activity: ofService('activity'),
    reporting: { readModels: readModels('reporting') },
    parkedKeys: kept(sqliteParkedKeys({ file: join(dataDir, 'parked-keys.db') })),
    async close() {
      for (const store of opened) await store.close();
    },
  };
}
