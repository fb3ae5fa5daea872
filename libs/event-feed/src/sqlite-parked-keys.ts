import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ServiceName } from '@phancong/contracts';
import { Instant } from '@phancong/event-sourcing';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { ParkedKeys } from './parked-keys.ts';

const Rows = z.array(
  z.object({
    consumer: z.string(),
    source: ServiceName,
    key: z.string(),
    position: z.int(),
    error: z.string(),
    parkedAt: Instant,
  }),
);

/** Parked keys in an SQLite file, which this process owns. On disk when the promises settle. */
export function sqliteParkedKeys({ file }: { readonly file: string }): ParkedKeys {
  mkdirSync(dirname(file), { recursive: true });
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`CREATE TABLE IF NOT EXISTS parked_keys (
    consumer TEXT, source TEXT, key TEXT, position INTEGER NOT NULL, error TEXT NOT NULL, parkedAt TEXT NOT NULL,
    PRIMARY KEY (consumer, source, key)
  ) STRICT, WITHOUT ROWID`);
  const add = db.prepare(
    `INSERT INTO parked_keys VALUES (@consumer, @source, @key, @position, @error, @parkedAt)
     ON CONFLICT DO UPDATE SET position = excluded.position, error = excluded.error, parkedAt = excluded.parkedAt
     WHERE excluded.position < position`,
  );
  const all = db.prepare('SELECT * FROM parked_keys ORDER BY parkedAt, consumer, source, key');
  const remove = db.prepare('DELETE FROM parked_keys WHERE consumer = @consumer AND source = @source AND key = @key');
  return {
    async add(parked) {
      add.run(parked);
    },
    all: async () => Rows.parse(all.all()),
    async remove({ consumer, source, key }) {
      remove.run({ consumer, source, key });
    },
    async close() {
      db.close();
    },
  };
}
