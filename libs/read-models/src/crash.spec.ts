import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { sqliteReadModels } from './sqlite-read-models.ts';
import { groups, groupsProjection, tallies } from './testing/index.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 5);
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);

/** Mulberry32: the same numbers from 0 to 1 for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const committing = (file: string): ChildProcess & { readonly stdout: NonNullable<ChildProcess['stdout']> } =>
  spawn(
    process.execPath,
    [
      '--conditions=@phancong/source',
      join(__dirname, 'testing', 'run-typescript.cjs'),
      join(__dirname, 'testing', 'committing-process.ts'),
      file,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );

/** Kills it after so many commits, at whatever it is doing then. @returns the last position that it said */
async function killed(file: string, commits: number): Promise<number> {
  const child = committing(file);
  const exit = once(child, 'exit');
  let [said, left] = [0, commits];
  for await (const line of createInterface({ input: child.stdout })) {
    said = Number(line);
    left -= 1;
    if (left === 0) child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return said;
}

describe(`read models in SQLite under SIGKILL (CRASH_SEED=${SEED})`, () => {
  const random = randomFrom(SEED);
  const projection = groupsProjection();
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'read-models-crash-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const file = () => join(folder, 'read-models.db');

  test(`documents and position agree after each of ${ROUNDS} crashes, and nothing committed is lost`, async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const said = await killed(file(), 1 + Math.floor(random() * 60));
      const readModels = sqliteReadModels({ file: file() });
      const { assignment: position = 0 } = await readModels.positions(projection);
      const reader = readModels.reader(projection);
      const { items } = await reader.find(groups, { index: 'byHeadcount', from: position, through: position });
      const everything = await reader.find(groups, { index: 'byHeadcount' });
      const tally = await reader.get(tallies, 'all');
      await readModels.close();

      expect(position).toBeGreaterThanOrEqual(said);
      expect(everything.items).toHaveLength(40 + (position % 2 === 0 ? 1 : 0));
      expect(items).toEqual(everything.items);
      expect(tally).toEqual({ groups: position });

      const db = new Database(file(), { readonly: true });
      const tables = db.prepare(`SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name GLOB 'g[0-9]*'`);
      expect([tables.pluck().get(), db.pragma('integrity_check', { simple: true })]).toEqual([2, 'ok']);
      db.close();
    }
  }, 600_000);
});
