import Database from 'better-sqlite3';
import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fcSeed } from '@phancong/event-sourcing/testing';
import { scrubSqliteFile, StillRead } from './scrub-sqlite-file.ts';
import { sqliteReadModels } from './sqlite-read-models.ts';
import { group, groups, groupsProjection } from './testing/index.ts';

describe('a scrubbed file of read models', () => {
  const projection = groupsProjection();
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scrub-'));
    file = join(folder, 'read-models.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const bytes = (): Buffer => Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
  const mark = (index: number): string => `<${index}>`;

  it('holds no byte of what was deleted or replaced, and all the rest, while it is in use', async () => {
    const sizes = fc.array(fc.nat(900), { minLength: 300, maxLength: 600 });
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        rmSync(file, { force: true });
        const readModels = sqliteReadModels({ file });
        const indexes = lengths.map((_, index) => index);
        const marked = (index: number, more: number) =>
          group(mark(index) + 'x'.repeat(more), 1, { organisation: mark(index) + 'y'.repeat(more % 50) });
        // Rows grow and shrink in an order of their own, so that they are moved from page to page.
        await readModels.commit(projection, 'membership', 1, async (session) => {
          for (const index of indexes)
            await session.put(groups, `${(index * 7919) % 997}`, marked(index, lengths[index] ?? 0));
        });
        await readModels.commit(projection, 'membership', 2, async (session) => {
          for (const index of indexes)
            await session.put(groups, `${(index * 7919) % 997}`, marked(index, lengths.at(-index) ?? 0));
        });
        const gone = indexes.filter((index) => index % 5 === 0);
        await readModels.commit(projection, 'membership', 3, async (session) => {
          for (const index of gone) {
            if (index % 2 === 0) await session.delete(groups, `${(index * 7919) % 997}`);
            else await session.put(groups, `${(index * 7919) % 997}`, group('', 1));
          }
        });
        scrubSqliteFile(file);
        const left = bytes();
        const standing = indexes.filter((index) => left.includes(mark(index)));
        expect(standing).toEqual(indexes.filter((index) => index % 5 !== 0));
        await readModels.commit(projection, 'membership', 4, (session) => session.put(groups, 'new', marked(9_999, 1)));
        expect(await readModels.reader(projection).get(groups, 'new')).toEqual(marked(9_999, 1));
        await readModels.close();
      }),
      { ...fcSeed(), numRuns: 12 },
    );
  });

  it('given somebody who reads it, says that it is to be done again', async () => {
    const readModels = sqliteReadModels({ file });
    await readModels.commit(projection, 'membership', 1, (session) => session.put(groups, 'a', group('GONE', 1)));
    const reader = new Database(file, { readonly: true });
    reader.exec('BEGIN; SELECT * FROM generations');
    await readModels.commit(projection, 'membership', 2, (session) => session.delete(groups, 'a'));
    expect(() => scrubSqliteFile(file)).toThrow(StillRead);
    reader.exec('COMMIT');
    reader.close();
    scrubSqliteFile(file);
    expect(bytes().includes('GONE')).toBe(false);
    await readModels.close();
  });
});
