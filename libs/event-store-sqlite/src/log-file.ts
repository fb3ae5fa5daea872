import Database from 'better-sqlite3';
import { diskError, sqliteCode } from './disk-errors.ts';

/** The file is not an event log, or was written by a newer version of this program. It is left as it is. */
export class UnknownLogFile extends Error {
  override readonly name = 'UnknownLogFile';
}

/** "PCEL" (phancong event log), in the file's header, so that another program's database is not taken for a log. */
const APPLICATION_ID = 0x5043454c;
const SCHEMA_VERSION = 1;

// Ids are 16-byte blobs, streams integers: half the bytes of their text in the rows and in the two indexes.
const SCHEMA = `
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    id BLOB NOT NULL,
    command BLOB NOT NULL,
    type TEXT NOT NULL,
    version INTEGER NOT NULL,
    occurred_at TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    by TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
  CREATE UNIQUE INDEX events_by_id ON events (id);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Opens the log, or makes it. Commits are on disk when they return (WAL, synchronous FULL).
 * @throws UnknownLogFile | StoreFull
 */
export function openLogFile(file: string): Database.Database {
  const db = new Database(file);
  try {
    checkLogFile(db, file);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    // 4 MB hold the pages at the end of the log and of its indexes; better-sqlite3's own 16 MB save no time.
    db.pragma('cache_size = -4000');
    if (isEmpty(db)) db.transaction(() => db.exec(SCHEMA)).immediate();
    return db;
  } catch (error) {
    db.close();
    if (sqliteCode(error) === 'SQLITE_NOTADB') {
      throw new UnknownLogFile(`${file} is not an event log: it is not an SQLite database`);
    }
    throw diskError(error);
  }
}

const isEmpty = (db: Database.Database): boolean =>
  db.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;

function checkLogFile(db: Database.Database, file: string): void {
  if (isEmpty(db)) return;
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw new UnknownLogFile(`${file} is not an event log: it belongs to another program`);
  }
  const version = db.pragma('user_version', { simple: true });
  if (version !== SCHEMA_VERSION) {
    throw new UnknownLogFile(
      `${file} is an event log of schema version ${version}; this program knows version ${SCHEMA_VERSION}`,
    );
  }
}
