import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { sqliteReadModels } from './sqlite-read-models.ts';
import { groups, groupsProjection, tallies } from './testing/index.ts';
import { randomFrom } from './testing/random.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 5);
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);

interface Plan {
  readonly groups: number;
  /** Kill it once it has said so many positions, at whatever it is doing then. */
  readonly afterCommits?: number;
  /** It kills itself before that statement. */
  readonly beforeStatement?: number;
}

/** @returns the last position that the process said before it died */
async function killed(file: string, { groups, afterCommits, beforeStatement }: Plan): Promise<number> {
  const program = ['run-typescript.cjs', 'committing-process.ts'].map((name) => join(__dirname, 'testing', name));
  const options = [file, String(groups), ...(beforeStatement === undefined ? [] : [String(beforeStatement)])];
  const child = spawn(process.execPath, ['--conditions=@phancong/source', ...program, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let [said, commits] = [0, 0];
  for await (const line of createInterface({ input: child.stdout })) {
    said = Number(line);
    commits += 1;
    if (commits === afterCommits) child.kill('SIGKILL');
  }
  expect(await exit).toEqual([null, 'SIGKILL']);
  return said;
}

describe(`read models in SQLite under SIGKILL (CRASH_SEED=${SEED})`, () => {
  const random = randomFrom(SEED);
  const projection = groupsProjection();
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'read-models-crash-'));
    file = join(folder, 'read-models.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const afterCrash = async (plan: Plan): Promise<void> => {
    const said = await killed(file, plan);
    const readModels = sqliteReadModels({ file });
    const { assignment: position = 0 } = await readModels.positions(projection);
    const reader = readModels.reader(projection);
    const { items } = await reader.find(groups, { index: 'byHeadcount', from: position, through: position });
    const everything = await reader.find(groups, { index: 'byHeadcount' });
    const tally = await reader.get(tallies, 'all');
    await readModels.close();

    expect(position).toBeGreaterThanOrEqual(said);
    const even = position > 0 && position % 2 === 0;
    expect(everything.items).toHaveLength((position > 0 ? plan.groups : 0) + (even ? 1 : 0));
    expect(items).toEqual(everything.items);
    expect(tally?.groups ?? 0).toBe(position);

    const db = new Database(file, { readonly: true });
    const tables = db.prepare(`SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name GLOB 'g[0-9]*'`);
    expect([tables.pluck().get(), db.pragma('integrity_check', { simple: true })]).toEqual([2, 'ok']);
    db.close();
  };

  test(`documents and position agree after ${ROUNDS} crashes at any moment, and nothing committed is lost`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await afterCrash({ groups: 40, afterCommits: 1 + Math.floor(random() * 60) });
    }
  }, 600_000);

  test('and after a crash before any statement of a commit', async () => {
    const first = 1 + Math.floor(random() * 200);
    // A commit of one group has six: begin, the group, the one that comes and goes, the tally, the position, commit.
    for (let statement = first; statement < first + Math.max(6, ROUNDS); statement += 1) {
      await afterCrash({ groups: 1, beforeStatement: statement });
    }
  }, 600_000);
});
