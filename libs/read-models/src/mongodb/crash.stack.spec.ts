import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inMemoryReadModels } from '../in-memory-read-models.ts';
import type { ReadModels } from '../read-models.ts';
import { countedAt } from '../testing/counting.ts';
import { groups, groupsProjection, tallies } from '../testing/index.ts';
import { dropDatabase, inDatabase, mongodbUrl, newDatabase } from '../testing/mongodb-server.ts';
import { randomFrom } from '../testing/random.ts';
import { mongodbReadModels } from './mongodb-read-models.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 24);
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);

/** Documents of a batch: a hundred small ones, or a few that together need several parts. */
const SMALL = { count: 100, size: 0 };
const LARGE = { count: 4, size: 1_500_000 };

/** @returns the last position that the process said before it killed itself */
async function killed(database: string, { count, size }: typeof SMALL, at: number, how: string): Promise<number> {
  const program = ['run-typescript.cjs', 'counting-process.ts'].map((name) => join(__dirname, '../testing', name));
  const options = [mongodbUrl(), database, count, size, at, how].map(String);
  const child = spawn(process.execPath, ['--conditions=@phancong/source', ...program, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let said = 0;
  for await (const line of createInterface({ input: child.stdout })) said = Number(line);
  expect(await exit).toEqual([null, 'SIGKILL']);
  return said;
}

describe(`read models in MongoDB under SIGKILL (CRASH_SEED=${SEED})`, () => {
  const random = randomFrom(SEED);
  const projection = groupsProjection();
  const database = newDatabase();
  afterEach(() => dropDatabase(database));

  const everything = async (readModels: ReadModels) => {
    const reader = readModels.reader(projection);
    const { items } = await reader.find(groups, { index: 'byHeadcount' });
    const tally = await reader.get(tallies, 'all');
    return { items, tally, positions: await readModels.positions(projection) };
  };

  const rounds = async (count: number, what: typeof SMALL, writes: number): Promise<void> => {
    const uninterrupted = inMemoryReadModels();
    let reached = 0;
    for (let round = 0; round < count; round += 1) {
      const how = ['before', 'half', 'after'][Math.floor(random() * 3)] ?? '';
      const said = await killed(database, what, 1 + Math.floor(random() * writes), how);

      const readModels = await mongodbReadModels({ url: mongodbUrl(), database });
      const { assignment: position = 0 } = await readModels.positions(projection);
      expect(position).toBeGreaterThanOrEqual(said);
      // What the position promises is there, also before anybody has finished what was begun.
      const tally = await readModels.reader(projection).get(tallies, 'all');
      expect(tally?.groups ?? 0).toBeGreaterThanOrEqual(position);

      for (let next = position + 1; next <= position + 2; next += 1) {
        await readModels.commit(projection, 'assignment', next, countedAt(next, what));
      }
      for (let next = reached + 1; next <= position + 2; next += 1) {
        await uninterrupted.commit(projection, 'assignment', next, countedAt(next, what));
      }
      reached = position + 2;
      expect(await everything(readModels)).toEqual(await everything(uninterrupted));
      await readModels.close();
    }
    const parts = await inDatabase(database, (db) => db.collection('projection-parts').countDocuments());
    expect(parts).toBeLessThanOrEqual(what === SMALL ? 0 : count);
  };

  test(
    `after ${ROUNDS} crashes at any write the documents are those of an uninterrupted run`,
    () => rounds(ROUNDS, SMALL, 30),
    900_000,
  );

  test('and after some in the midst of batches of several parts', () => rounds(ROUNDS / 4, LARGE, 12), 900_000);
});
