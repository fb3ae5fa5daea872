import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ServiceName } from '@phancong/contracts';
import { Instant } from '@phancong/event-sourcing';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { DroppedKey, ParkedKeys } from './parked-keys.ts';

const Parked = z.object({
  consumer: z.string(),
  source: ServiceName,
  key: z.string(),
  position: z.int(),
  error: z.string(),
  parkedAt: Instant,
});
const Dropped = z.object({
  ...Parked.shape,
  messages: z.int(),
  through: z.int(),
  reason: z.string(),
  by: z.string(),
  droppedAt: Instant,
});

/** Parked keys in an SQLite file, which this process owns. On disk when the promises settle. */
export function sqliteParkedKeys({ file }: { readonly file: string }): ParkedKeys {
  mkdirSync(dirname(file), { recursive: true });
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`CREATE TABLE IF NOT EXISTS parked_keys (
    consumer TEXT, source TEXT, key TEXT, position INTEGER NOT NULL, error TEXT NOT NULL, parkedAt TEXT NOT NULL,
    PRIMARY KEY (consumer, source, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS dropped_keys (
    consumer TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, position INTEGER NOT NULL, error TEXT NOT NULL,
    parkedAt TEXT NOT NULL, messages INTEGER NOT NULL, through INTEGER NOT NULL, reason TEXT NOT NULL,
    "by" TEXT NOT NULL, droppedAt TEXT NOT NULL
  ) STRICT`);
  const add = db.prepare(
    `INSERT INTO parked_keys VALUES (@consumer, @source, @key, @position, @error, @parkedAt)
     ON CONFLICT DO UPDATE SET position = excluded.position, error = excluded.error, parkedAt = excluded.parkedAt
     WHERE excluded.position < position`,
  );
  const all = db.prepare('SELECT * FROM parked_keys ORDER BY parkedAt, consumer, source, key');
  const remove = db.prepare('DELETE FROM parked_keys WHERE consumer = @consumer AND source = @source AND key = @key');
  const give = db.prepare(
    `INSERT INTO dropped_keys VALUES (@consumer, @source, @key, @position, @error, @parkedAt,
     @messages, @through, @reason, @by, @droppedAt)`,
  );
  const givenUp = db.prepare('SELECT * FROM dropped_keys ORDER BY rowid');
  const drop = db.transaction((dropped: DroppedKey) => {
    remove.run({ consumer: dropped.consumer, source: dropped.source, key: dropped.key });
    give.run(dropped);
  });
  return {
    async add(parked) {
      add.run(parked);
    },
    all: async () => z.array(Parked).parse(all.all()),
    async remove({ consumer, source, key }) {
      remove.run({ consumer, source, key });
    },
    async drop(dropped) {
      drop(dropped);
    },
    dropped: async () => z.array(Dropped).parse(givenUp.all()),
    async close() {
      db.close();
    },
  };
}
