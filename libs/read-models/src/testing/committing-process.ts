import Database from 'better-sqlite3';
import type { Session } from '../read-models.ts';
import { sqliteReadModels } from '../sqlite-read-models.ts';
import { group, groups, groupsProjection, tallies } from './groups.ts';

// A process to be killed: commits for ever, every document holding the position of its commit, rebuilds now and then,
// and says each position once it is committed.

/** With `killedBefore`, it kills itself before that many more statements have run. */
const [file = '', count = '', killedBefore = ''] = process.argv.slice(3);
const REBUILT_EVERY = 7;

function killBefore(statement: number): void {
  const memory = new Database(':memory:');
  const prototype: object = Object.getPrototypeOf(memory.prepare('SELECT 1'));
  memory.close();
  const run: (...parameters: unknown[]) => unknown = Reflect.get(prototype, 'run');
  let left = statement;
  Reflect.set(prototype, 'run', function (this: unknown, ...parameters: unknown[]) {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    return Reflect.apply(run, this, parameters);
  });
}

const at = (position: number) => async (session: Session) => {
  for (let id = 0; id < Number(count); id += 1) await session.put(groups, `g${id}`, group(`Tổ ${position}`, position));
  // One that comes and goes.
  if (position % 2 === 0) await session.put(groups, 'even', group('Tổ chẵn', position));
  else await session.delete(groups, 'even');
  await session.put(tallies, 'all', { groups: position });
};

async function run(): Promise<void> {
  const readModels = sqliteReadModels({ file });
  const projection = groupsProjection();
  const { assignment: last = 0 } = await readModels.positions(projection);
  if (killedBefore) killBefore(Number(killedBefore));
  for (let position = last + 1; ; position += 1) {
    await readModels.commit(projection, 'assignment', position, at(position));
    process.stdout.write(`${position}\n`);
    if (position % REBUILT_EVERY !== 0) continue;
    const beside = await readModels.beside(projection);
    await beside.commit('assignment', position - 1, at(position - 1));
    await beside.commit('assignment', position, at(position));
    await beside.swap();
  }
}

void run();
