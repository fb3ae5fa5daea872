import { LeastRecentlyUsed, StoreClosed, StoreFull } from '@phancong/event-sourcing';
import Database from 'better-sqlite3';
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Erased, KeyNotDestroyed, type PersonKeys, UnknownPerson } from './person-keys.ts';
import { KEY_BYTES, newKey, openWith, sealWith } from './sealing.ts';

/**
 * Keys are appended in order and erased in place by bytes of the same length: SQLite then never moves a key from page
 * to page, where a copy of it could stay behind. Only the index over the ids is in another order.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS person_keys (
    number INTEGER PRIMARY KEY,
    person TEXT NOT NULL UNIQUE,
    key BLOB NOT NULL CHECK (length(key) = ${KEY_BYTES})
  ) STRICT`;

const ERASED = Buffer.alloc(KEY_BYTES);
type Key = Buffer | 'erased';

const Checkpoint = z.tuple([z.object({ busy: z.int() })]);

function open(file: string): Database.Database {
  mkdirSync(dirname(file), { recursive: true });
  // Before SQLite opens it: the files beside it (-wal, -shm) take over its mode.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const db = new Database(file, { timeout: 500 });
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('secure_delete = ON');
  db.pragma('temp_store = MEMORY');
  db.exec(SCHEMA);
  return db;
}

// A quota does not come as "full" but as a write that failed. By the code alone: modules may be loaded more than once.
const FULL: readonly unknown[] = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE'];

const isFull = (error: unknown): boolean => error instanceof Error && 'code' in error && FULL.includes(error.code);

/** Runs a write. @throws StoreFull when there is no room for it */
function write<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw isFull(error) ? new StoreFull('no room for keys', { cause: error }) : error;
  }
}

/**
 * The PersonKeys port on a SQLite file of its own (mode 0600).
 * @param cached how many people's keys to keep in memory
 */
export function sqlitePersonKeys({ file, cached = 20_000 }: { file: string; cached?: number }): PersonKeys {
  const db = open(file);
  const select = db.prepare<[string], Buffer>('SELECT key FROM person_keys WHERE person = ?').pluck();
  const insert = db.prepare<[string, Buffer]>(
    'INSERT INTO person_keys (person, key) VALUES (?, ?) ON CONFLICT (person) DO NOTHING',
  );
  const overwrite = db.prepare<[string, Buffer]>(
    'INSERT INTO person_keys (person, key) VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET key = excluded.key',
  );
  const cache = new LeastRecentlyUsed<string, Key>(cached);
  let making = new Map<string, Buffer>();
  let flushed = Promise.resolve();

  const find = (person: string): Key | undefined => {
    if (!db.open) throw new StoreClosed('the person keys are closed');
    const known = cache.get(person);
    if (known) return known;
    const stored = select.get(person);
    if (!stored) return undefined;
    const key = stored.equals(ERASED) ? 'erased' : stored;
    cache.set(person, key);
    return key;
  };

  const insertAll = db.transaction((made: ReadonlyMap<string, Buffer>) => {
    for (const [person, key] of made) insert.run(person, key);
  });

  /** Writes the keys made since the last time. */
  const flush = (): void => {
    const made = making;
    making = new Map();
    write(() => insertAll.immediate(made));
  };

  /** Resolves when the person's new key is on disk; all who come before that share one transaction. */
  const make = (person: string): Promise<void> => {
    if (making.size === 0) flushed = new Promise<void>((resolve) => setImmediate(resolve)).then(flush);
    if (!making.has(person)) making.set(person, newKey());
    return flushed;
  };

  /** A flush that failed was told to those who asked for it. */
  const settled = (): Promise<void> => flushed.catch(() => undefined);

  const emptyWal = (): void => {
    const [{ busy }] = Checkpoint.parse(db.pragma('wal_checkpoint(TRUNCATE)'));
    if (busy !== 0) throw new KeyNotDestroyed('someone reads the file that the key stood in: erase again');
  };

  return {
    async seal(person, fields) {
      if (!find(person)) await make(person);
      const key = find(person);
      if (!key) throw new UnknownPerson(person);
      if (key === 'erased') throw new Erased(person);
      return sealWith(key, person, fields);
    },
    async open(person, sealed) {
      const key = find(person);
      if (!key) throw new UnknownPerson(person);
      return key === 'erased' ? undefined : openWith(key, person, sealed);
    },
    async erase(person) {
      await settled();
      const key = find(person);
      try {
        overwrite.run(person, ERASED);
        cache.set(person, 'erased');
        if (key && key !== 'erased') key.fill(0);
        // The write-ahead log still holds the page as it was.
        emptyWal();
      } catch (error) {
        throw isFull(error)
          ? new KeyNotDestroyed('no room to overwrite the key: erase again', { cause: error })
          : error;
      }
    },
    async close() {
      await settled();
      db.close();
    },
  };
}
