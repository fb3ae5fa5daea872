import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteReadModels } from './sqlite-read-models.ts';
import { group, groups, groupsProjection } from './testing/index.ts';

describe('the file of read models in SQLite', () => {
  const projection = groupsProjection();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'read-models-file-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const bytes = async (): Promise<string> => {
    const files = await readdir(folder);
    return (await Promise.all(files.map((file) => readFile(join(folder, file), 'latin1')))).join('');
  };

  test.each([
    ['short', 1],
    ['longer than a page', 2_000],
  ])('does not keep the bytes of a %s document that was deleted or replaced', async (_which, times) => {
    const marked = (mark: string) => group(mark.repeat(times), 1, { organisation: mark });
    const readModels = sqliteReadModels({ file: join(folder, 'read-models.db') });
    await readModels.commit(projection, 'membership', 1, async (session) => {
      await session.put(groups, 'deleted', marked('DELETED'));
      await session.put(groups, 'replaced', marked('REPLACED'));
      await session.put(groups, 'kept', marked('KEPT'));
    });
    expect(await bytes()).toContain('DELETED');
    await readModels.commit(projection, 'membership', 2, async (session) => {
      await session.delete(groups, 'deleted');
      await session.put(groups, 'replaced', group('', 1));
    });
    await readModels.close();
    expect(await bytes()).toContain('KEPT');
    expect(await bytes()).not.toMatch(/DELETED|REPLACED/);
  });

  test('is in one piece after close: nothing is left beside it', async () => {
    const readModels = sqliteReadModels({ file: join(folder, 'read-models.db') });
    await readModels.commit(projection, 'membership', 1, (session) => session.put(groups, 'x', group('Tổ', 1)));
    await readModels.close();
    expect(await readdir(folder)).toEqual(['read-models.db']);
  });

  test('a reader sees a commit in the turn in which it has read what was there before', async () => {
    const readModels = sqliteReadModels({ file: join(folder, 'read-models.db') });
    const reader = readModels.reader(projection);
    expect(await reader.get(groups, 'x')).toBeUndefined();
    await readModels.commit(projection, 'membership', 1, (session) => session.put(groups, 'x', group('Tổ', 1)));
    expect(await reader.get(groups, 'x')).toMatchObject({ name: 'Tổ' });
    await readModels.close();
    expect(await readdir(folder)).toEqual(['read-models.db']);
  });

  test('close waits for the commit under way', async () => {
    const readModels = sqliteReadModels({ file: join(folder, 'read-models.db') });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const committing = readModels.commit(projection, 'membership', 1, async (session) => {
      await held;
      await session.put(groups, 'x', group('Tổ', 1));
    });
    await new Promise(setImmediate);
    const closing = readModels.close();
    release();
    await Promise.all([committing, closing]);
    const again = sqliteReadModels({ file: join(folder, 'read-models.db') });
    expect(await again.positions(projection)).toEqual({ membership: 1 });
    await again.close();
  });
});
