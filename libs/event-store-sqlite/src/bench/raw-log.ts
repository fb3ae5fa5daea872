import type { NewEvent } from '@phancong/event-sourcing';
import Database from 'better-sqlite3';
import { uuidBytes } from '../uuid-bytes.ts';

/** What bare better-sqlite3 does with the same events: the limit that the store is measured against. */
export interface RawLog {
  /** Inserts the events in one transaction; they are on disk when it returns. */
  append(stream: string, first: number, events: readonly NewEvent[]): void;
  close(): void;
}

/**
 * The plainest table that holds the same fields and keeps the same promises: an event id once in the log, a revision
 * once in a stream, on disk at COMMIT. No answer, no check of what was expected, no queue.
 */
export function rawLog(file: string): RawLog {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`
    CREATE TABLE events (
      position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, id BLOB NOT NULL UNIQUE,
      command BLOB NOT NULL, type TEXT NOT NULL, version INTEGER NOT NULL, occurred_at TEXT NOT NULL,
      recorded_at INTEGER NOT NULL, by TEXT NOT NULL, data TEXT NOT NULL, UNIQUE (stream, revision)
    ) STRICT`);
  const insert = db.prepare('INSERT INTO events VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const append = db.transaction((stream: string, first: number, events: readonly NewEvent[]) => {
    const now = Date.now();
    events.forEach(({ id, command, type, version, occurredAt, by, data }, index) => {
      insert.run(stream, first + index, uuidBytes(id), uuidBytes(command), type, version, occurredAt, now, by, data);
    });
  });
  return { append: append.immediate, close: () => db.close() };
}
