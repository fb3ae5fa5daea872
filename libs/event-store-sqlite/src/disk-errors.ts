import { StoreFull } from '@phancong/event-sourcing';
import { SqliteError } from 'better-sqlite3';

// A quota or a limit on the size of files does not come as "full" but as a write that failed.
const FULL = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE']);

/** What to tell the caller of an SQLite write that failed: StoreFull if the disk or a quota is full, else the error itself. */
export const diskError = (error: unknown): unknown =>
  error instanceof SqliteError && FULL.has(error.code)
    ? new StoreFull(`the disk is full, or a quota is: ${error.message} (${error.code})`, { cause: error })
    : error;

export const isNotUnique = (error: unknown): boolean =>
  error instanceof SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE';
