import mongoose from 'mongoose';
import { mongodbReadModels } from '../mongodb/mongodb-read-models.ts';
import { countedAt } from './counting.ts';
import { groupsProjection } from './groups.ts';

// A process to be killed: counts for ever, rebuilds now and then, says each position once it is committed, and kills
// itself at a write: before it, when it is half done, or when it is done but for the answer.

const [url = '', database = '', count = '', size = '', killedAt = '', how = ''] = process.argv.slice(3);
const REBUILT_EVERY = 5;

let writes = 0;

function killAt(method: string): void {
  const prototype: object = mongoose.mongo.Collection.prototype;
  const write: (...parameters: unknown[]) => Promise<unknown> = Reflect.get(prototype, method);
  Reflect.set(prototype, method, async function (this: unknown, ...parameters: unknown[]) {
    writes += 1;
    if (writes !== Number(killedAt)) return Reflect.apply(write, this, parameters);
    const [all, ...options] = parameters;
    if (how === 'half' && Array.isArray(all) && all.length > 1) {
      await Reflect.apply(write, this, [all.slice(0, all.length / 2), ...options]);
    }
    if (how === 'after') await Reflect.apply(write, this, parameters);
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  });
}

async function run(): Promise<void> {
  const readModels = await mongodbReadModels({ url, database });
  const projection = groupsProjection();
  const what = { count: Number(count), size: Number(size) };
  const { assignment: last = 0 } = await readModels.positions(projection);
  for (const method of ['updateOne', 'bulkWrite', 'insertMany', 'deleteMany']) killAt(method);
  for (let position = last + 1; ; position += 1) {
    await readModels.commit(projection, 'assignment', position, countedAt(position, what));
    process.stdout.write(`${position}\n`);
    if (position % REBUILT_EVERY !== 0) continue;
    const beside = await readModels.beside(projection);
    for (let again = 1; again <= position; again += 1) await beside.commit('assignment', again, countedAt(again, what));
    await beside.swap();
  }
}

void run();
