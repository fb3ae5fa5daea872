import { StoreFull } from '@phancong/event-sourcing';

/**
 * SQLite's name for an error, e.g. `SQLITE_BUSY`. Read from the error's own fields: where modules are loaded more than
 * once in a process, the native part throws the class of the first load, and `instanceof` fails.
 */
export const sqliteCode = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('SQLITE_')
    ? String(error.code)
    : undefined;

/** Whether a row could not be stored as it is (twice the same, not of the right type, too big): the disk is all right. */
export const onlyRowRefused = (error: unknown): boolean =>
  /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(sqliteCode(error) ?? 'SQLITE_MISMATCH');

// A quota or a limit on the size of files does not come as "full" but as a write that failed.
const FULL = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE']);

/** What to tell the caller of an SQLite write that failed: StoreFull if the disk or a quota is full, else the error itself. */
export function diskError(error: unknown): unknown {
  const code = sqliteCode(error);
  return code !== undefined && FULL.has(code)
    ? new StoreFull(`the disk is full, or a quota is (${code})`, { cause: error })
    : error;
}

/** Whether a file could not be written because the disk or a quota is full; of SQLite's errors and the system's own. */
export const isDiskFull = (error: unknown): boolean =>
  diskError(error) instanceof StoreFull ||
  (error instanceof Error &&
    (error.name === 'StoreFull' || ('code' in error && /^(ENOSPC|EDQUOT|EFBIG)$/.test(String(error.code)))));
