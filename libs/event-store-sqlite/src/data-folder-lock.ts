import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { sqliteCode } from './disk-errors.ts';

const Owner = z.object({ pid: z.int(), address: z.string().optional() });
type Owner = z.infer<typeof Owner>;

/** Another process (or another part of this one) works on the data folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
  constructor(
    readonly folder: string,
    /** The other's process id, if it could be read. */
    readonly pid: number | undefined,
    /** Where the other one can be reached, if it has said so. */
    readonly address: string | undefined,
  ) {
    const who = pid === undefined ? 'another process' : `process ${pid}`;
    super(`the data folder ${folder} is in use by ${who}${address === undefined ? '' : ` at ${address}`}`);
  }
}

export interface DataFolderLock {
  /** Tells whoever finds the folder in use where this process can be reached, e.g. `http://127.0.0.1:3000`. */
  announce(address: string): void;
  release(): void;
}

/**
 * Makes this process the only one that works on the data folder (made if it is not there), until it releases it or
 * ends, however it ends. The lock is the operating system's, held through SQLite: nothing is left over after a crash.
 * @throws DataFolderInUse at once
 */
export function lockDataFolder(folder: string): DataFolderLock {
  mkdirSync(folder, { recursive: true });
  const ownerFile = join(folder, 'lock-owner.json');
  const db = new Database(join(folder, 'lock.db'), { timeout: 0 });
  // Written beside and renamed, so that no reader sees half of it. Only tells; the lock is what counts.
  const tell = (owner: Owner): void => {
    writeFileSync(`${ownerFile}.new`, JSON.stringify(owner));
    renameSync(`${ownerFile}.new`, ownerFile);
  };
  try {
    db.exec('BEGIN EXCLUSIVE');
    tell({ pid: process.pid });
  } catch (error) {
    db.close();
    if (sqliteCode(error) !== 'SQLITE_BUSY') throw error;
    const owner = readOwner(ownerFile);
    throw new DataFolderInUse(folder, owner?.pid, owner?.address);
  }
  return {
    announce: (address) => tell({ pid: process.pid, address }),
    release() {
      if (!db.open) return;
      rmSync(ownerFile, { force: true });
      db.close();
    },
  };
}

function readOwner(file: string): Owner | undefined {
  try {
    return Owner.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // The other one is just starting or ending: it is known to be there, only not who it is.
    return undefined;
  }
}
