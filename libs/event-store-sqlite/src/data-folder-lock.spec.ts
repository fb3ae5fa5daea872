import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolderInUse, lockDataFolder } from './data-folder-lock.ts';
import { runChild } from './testing/child-process.ts';

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

  it('is free again after its owner was killed, and only then', async () => {
    const owner = runChild('owning-child.ts', [folder, 'http://127.0.0.1:3001']);
    await owner.firstLine;
    expect(refusal()).toMatchObject({ pid: owner.process.pid, address: 'http://127.0.0.1:3001' });
    owner.process.kill('SIGKILL');
    await owner.ended;
    expect(refusal()).toBeUndefined();
  });
});
