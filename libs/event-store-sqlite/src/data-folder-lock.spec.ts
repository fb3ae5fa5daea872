import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolderInUse, lockDataFolder } from './data-folder-lock.ts';

/** Another program that holds the lock in the same way until it is killed. */
const HOLDER = `
  const Database = require('better-sqlite3');
  const db = new Database(process.argv[1], { timeout: 0 });
  db.exec('BEGIN EXCLUSIVE');
  console.log('locked');
  setInterval(() => db.open, 1000);
`;

describe('a data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'phancong-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const refusal = (): unknown => {
    try {
      lockDataFolder(folder).release();
      return undefined;
    } catch (error) {
      return error;
    }
  };

  it('is made when it is not there', () => {
    const inner = join(folder, 'a', 'b');
    lockDataFolder(inner).release();
    expect(readdirSync(inner)).toEqual(['lock.db']);
  });

  it('has one owner, whom the second one is told', () => {
    const lock = lockDataFolder(folder);
    expect(refusal()).toMatchObject({ name: 'DataFolderInUse', folder, pid: process.pid, address: undefined });
    lock.announce('http://127.0.0.1:3000');
    const error = refusal();
    expect(error).toBeInstanceOf(DataFolderInUse);
    expect(error).toMatchObject({
      pid: process.pid,
      address: 'http://127.0.0.1:3000',
      message: `the data folder ${folder} is in use by process ${process.pid} at http://127.0.0.1:3000`,
    });
    lock.release();
  });

  it('is free again after release, however often that is called', () => {
    const lock = lockDataFolder(folder);
    lock.release();
    const next = lockDataFolder(folder);
    lock.release();
    expect(refusal()).toBeInstanceOf(DataFolderInUse);
    next.release();
    expect(refusal()).toBeUndefined();
  });

  it('is free again after its owner was killed', async () => {
    const holder = spawn(process.execPath, ['-e', HOLDER, join(folder, 'lock.db')], {
      cwd: __dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    expect(refusal()).toMatchObject({ name: 'DataFolderInUse', pid: undefined });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(refusal()).toBeUndefined();
  });
});
