import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WrongExpectedRevision } from '@phancong/event-sourcing';
import { idsOf, newEvents, wholeLog } from '@phancong/event-sourcing/testing';
import Database from 'better-sqlite3';
import { openLogFile, UnknownLogFile } from './log-file.ts';
import { sqliteEventStore } from './sqlite-event-store.ts';

describe('the file of a log', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'phancong-file-'));
    file = join(folder, 'events.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const openedFails = (message: string): void => {
    const open = () => sqliteEventStore({ file });
    expect(open).toThrow(UnknownLogFile);
    expect(open).toThrow(message);
  };

  it('must be a database, else it is left as it is', () => {
    writeFileSync(file, 'Sổ đảng viên\n'.repeat(100));
    openedFails('is not an SQLite database');
    expect(readFileSync(file, 'utf8')).toBe('Sổ đảng viên\n'.repeat(100));
  });

  it('must not be the database of another program', () => {
    const other = new Database(file);
    other.exec('CREATE TABLE members (name TEXT)');
    other.close();
    const before = readFileSync(file);
    openedFails('belongs to another program');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('must not be of a version that comes later', async () => {
    await sqliteEventStore({ file }).close();
    const later = new Database(file);
    later.pragma('user_version = 2');
    later.close();
    openedFails('schema version 2; this program knows version 1');
  });

  it('needs a folder', () => {
    file = join(folder, 'missing', 'events.db');
    expect(() => sqliteEventStore({ file })).toThrow('directory does not exist');
  });

  it('is written with WAL, and waits for the disk at every commit', () => {
    const db = openLogFile(file);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    db.close();
  });

  it('stays right when two stores write to it', async () => {
    const [one, other] = [sqliteEventStore({ file }), sqliteEventStore({ file })];
    const events = newEvents(6);
    await one.append('member-1', 'none', events.slice(0, 2));
    await other.append('member-1', 1, events.slice(2, 3));
    await expect(one.append('member-1', 1, newEvents(1))).rejects.toThrow(WrongExpectedRevision);
    await one.append('member-1', 2, events.slice(3, 4));
    await other.append('member-2', 'none', events.slice(4, 5));
    await one.append('member-2', 0, events.slice(5));
    for (const store of [one, other]) {
      const log = await wholeLog(store);
      expect(idsOf(log)).toEqual(idsOf(events));
      expect(log.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6]);
      await store.close();
    }
  });
});
