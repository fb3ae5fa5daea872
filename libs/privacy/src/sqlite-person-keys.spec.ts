import Database from 'better-sqlite3';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqlitePersonKeys } from './sqlite-person-keys.ts';
import { personKeysContract } from './testing/index.ts';

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'person-keys-'));

personKeysContract('SQLite', async () => {
  const folder = newFolder();
  const file = join(folder, 'keys.db');
  let keys = sqlitePersonKeys({ file, cached: 100 });
  return {
    keys,
    async reopen() {
      await keys.close();
      keys = sqlitePersonKeys({ file });
      return keys;
    },
    async dispose() {
      await keys.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('on disk', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = newFolder();
    file = join(folder, 'deep', 'keys.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const files = (): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const bytes = (): Buffer =>
    Buffer.concat(
      files()
        .filter((name) => statSync(name).isFile())
        .map((name) => readFileSync(name)),
    );
  const keyOf = (person: string): Buffer => {
    const db = new Database(file, { readonly: true });
    const key = db.prepare<[string], Buffer>('SELECT key FROM person_keys WHERE person = ?').pluck().get(person);
    db.close();
    if (!key) throw new Error(`${person} has no key`);
    return key;
  };

  test('a key is on disk when the first seal has resolved', async () => {
    const keys = sqlitePersonKeys({ file });
    await keys.seal('an', {});
    expect(bytes().includes(keyOf('an'))).toBe(true);
    await keys.close();
  });

  test('given thousands of keys in any order, an erased one is in no file any more', async () => {
    const keys = sqlitePersonKeys({ file });
    const people = Array.from({ length: 3000 }, (_, index) => `member-${(index * 7919) % 3000}`);
    for (let start = 0; start < people.length; start += 250) {
      await Promise.all(people.slice(start, start + 250).map((person) => keys.seal(person, {})));
    }
    const erased = people.filter((_, index) => index % 101 === 0);
    const secrets = erased.map(keyOf);
    const kept = keyOf('member-1');
    const before = bytes();
    expect(secrets.filter((secret) => before.includes(secret))).toHaveLength(secrets.length);

    for (const person of erased) await keys.erase(person);
    const after = bytes();
    expect(secrets.filter((secret) => after.includes(secret))).toEqual([]);
    expect(after.includes(kept)).toBe(true);
    await keys.close();
  });

  test('given someone who reads the file, erasing says that the key is not overwritten yet, and can be done again', async () => {
    const keys = sqlitePersonKeys({ file });
    await keys.seal('an', {});
    const secret = keyOf('an');
    const reader = new Database(file, { readonly: true });
    reader.exec('BEGIN; SELECT * FROM person_keys');
    await expect(keys.erase('an')).rejects.toThrow('erase again');
    reader.exec('COMMIT');
    reader.close();
    await keys.erase('an');
    expect(bytes().includes(secret)).toBe(false);
    await keys.close();
  });

  test('only the owner may read the files', async () => {
    const keys = sqlitePersonKeys({ file });
    await keys.seal('an', {});
    const modes = files()
      .filter((name) => statSync(name).isFile())
      .map((name) => statSync(name).mode & 0o777);
    expect(modes.length).toBeGreaterThan(1);
    expect(new Set(modes)).toEqual(new Set([0o600]));
    await keys.close();
  });
});
