import { type IdempotencyKeys, type IdempotencyKeysOptions, KEEP_KEYS_MS, systemClock } from '@phancong/event-sourcing';
import Database from 'better-sqlite3';
import { diskError } from './disk-errors.ts';

export interface SqliteIdempotencyKeysOptions extends IdempotencyKeysOptions {
  /** Path of the file; made if it is not there (its folder must be). */
  readonly file: string;
}

interface Claim {
  readonly fingerprint: string;
  readonly answer: string | null;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS keys (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, answer TEXT, claimed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS keys_by_age ON keys (claimed_at);
`;

/**
 * The IdempotencyKeys port in an SQLite file. A killed process forgets nothing; after a loss of power the last keys may
 * be gone (synchronous NORMAL: no wait for the disk). Commands stay harmless to repeat even then, because the ids of
 * their events derive from the key; only another body under one of these keys would go unnoticed.
 * Every method throws StoreFull when the disk is full.
 */
export function sqliteIdempotencyKeys({
  file,
  clock = systemClock,
  keepMs = KEEP_KEYS_MS,
}: SqliteIdempotencyKeysOptions): IdempotencyKeys {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(SCHEMA);
  const forget = db.prepare<[number]>('DELETE FROM keys WHERE claimed_at <= ?');
  const claimIfFree = db.prepare<[string, string, number]>(
    'INSERT INTO keys VALUES (?, ?, NULL, ?) ON CONFLICT (key) DO NOTHING',
  );
  const find = db.prepare<[string], Claim>('SELECT fingerprint, answer FROM keys WHERE key = ?');
  const answer = db.prepare<[string, string]>('UPDATE keys SET answer = ? WHERE key = ?');
  const release = db.prepare<[string]>('DELETE FROM keys WHERE key = ?');
  const claim = db.transaction((key: string, fingerprint: string, at: number): Claim => {
    forget.run(at - keepMs);
    claimIfFree.run(key, fingerprint, at);
    return find.get(key) ?? { fingerprint, answer: null };
  });
  const onDisk = <Result>(write: () => Result): Result => {
    try {
      return write();
    } catch (error) {
      throw diskError(error);
    }
  };
  return {
    async claim(key, fingerprint) {
      const found = onDisk(() => claim.immediate(key, fingerprint, clock().getTime()));
      return found.answer === null ? { fingerprint: found.fingerprint } : { ...found, answer: found.answer };
    },
    async answered(key, text) {
      onDisk(() => answer.run(text, key));
    },
    async release(key) {
      onDisk(() => release.run(key));
    },
    async close() {
      db.close();
    },
  };
}
