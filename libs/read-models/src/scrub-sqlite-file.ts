import Database from 'better-sqlite3';
import { z } from 'zod';

const Checkpoint = z.tuple([z.object({ busy: z.int() })]);

/** Somebody reads the file as it was: scrub it again a little later. */
export class StillRead extends Error {
  override readonly name = 'StillRead';
  /** Waiting helps: a feed tries again instead of giving the message up. */
  readonly transient = true;
}

/**
 * Rewrites a file of read models, which may be in use by this process: afterwards no byte of a document that was
 * deleted or replaced stands in it or beside it. `secure_delete` sees to the place where a row stood last; it leaves
 * copies where SQLite had moved rows from page to page, and in the write-ahead log.
 * Takes time and, for a moment, memory in proportion to the file.
 * @throws StillRead, or SQLite's error SQLITE_BUSY
 */
export function scrubSqliteFile(file: string): void {
  const db = new Database(file, { fileMustExist: true, timeout: 0 });
  try {
    // Not in a folder for temporary files, where copies of the others' names would stay behind.
    db.pragma('temp_store = MEMORY');
    db.exec('VACUUM');
    const [{ busy }] = Checkpoint.parse(db.pragma('wal_checkpoint(TRUNCATE)'));
    if (busy !== 0) throw new StillRead(`${file} is being read`);
  } finally {
    db.close();
  }
}
