import mongoose from 'mongoose';
import { inMemoryReadModels } from '../in-memory-read-models.ts';
import { BeingRebuilt, type ReadModels, type Session } from '../read-models.ts';
import { group, groups, groupsProjection, tallies } from '../testing/index.ts';
import { dropDatabase, mongodbUrl, newDatabase } from '../testing/mongodb-server.ts';
import { mongodbReadModels } from './mongodb-read-models.ts';

jest.setTimeout(120_000);

describe('read models in MongoDB, given several processes', () => {
  const projection = groupsProjection();
  let database: string;
  let [one, other]: ReadModels[] = [];
  let opened: ReadModels[];

  const open = async (): Promise<ReadModels> => {
    const readModels = await mongodbReadModels({ url: mongodbUrl(), database });
    opened.push(readModels);
    return readModels;
  };
  const both = (): readonly [ReadModels, ReadModels] => {
    if (!one || !other) throw new Error('not opened');
    return [one, other];
  };

  beforeEach(async () => {
    opened = [];
    database = newDatabase();
    one = await open();
    other = await open();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all(opened.map((each) => each.close()));
    await dropDatabase(database);
  });

  const add = (headcount: number) => async (session: Session) => {
    const before = await session.get(groups, 'sum');
    await session.put(groups, 'sum', group('Tổng', (before?.headcount ?? 0) + headcount));
    const tally = await session.get(tallies, 'all');
    await session.put(tallies, 'all', { groups: (tally?.groups ?? 0) + 1 });
  };
  const put = (id: string, headcount: number) => (session: Session) => session.put(groups, id, group(id, headcount));
  const read = async (readModels: ReadModels, id: string) =>
    (await readModels.reader(projection).get(groups, id))?.headcount;

  test('each message counts once, whoever gets it and whatever else is committed at that time', async () => {
    const [a, b] = both();
    const BATCHES = 25;
    const positions = Array.from({ length: BATCHES }, (_, at) => at + 1);
    const feed = async (readModels: ReadModels, source: 'assignment' | 'membership') => {
      for (const position of positions) await readModels.commit(projection, source, position, add(position));
    };
    // Each source is delivered to both, as after a rebalance that one of them has not heard of.
    await Promise.all([feed(a, 'assignment'), feed(b, 'membership'), feed(a, 'membership'), feed(b, 'assignment')]);
    const alone = inMemoryReadModels();
    await feed(alone, 'assignment');
    await feed(alone, 'membership');
    expect(await read(a, 'sum')).toBe(await read(alone, 'sum'));
    expect(await b.reader(projection).get(tallies, 'all')).toEqual({ groups: 2 * BATCHES });
    expect(await a.positions(projection)).toEqual(await alone.positions(projection));
  });

  test('one that comes late with the documents of its batch changes nothing of what was decided after it', async () => {
    const [a, b] = both();
    await a.commit(projection, 'assignment', 1, async (session) => {
      await put('changed', 1)(session);
      await put('deleted', 1)(session);
    });
    let late: () => void = () => undefined;
    const stalled = new Promise<void>((resolve) => (late = resolve));
    const prototype = mongoose.mongo.Collection.prototype;
    const write = prototype.bulkWrite;
    let stalls = () => late();
    const reached = new Promise<void>((resolve) => (stalls = resolve));
    jest.spyOn(prototype, 'bulkWrite').mockImplementationOnce(async function (this: mongoose.mongo.Collection, ...all) {
      stalls();
      await stalled;
      return Reflect.apply(write, this, all);
    });
    const stalling = a.commit(projection, 'assignment', 2, async (session) => {
      for (const id of ['changed', 'deleted', 'new']) await put(id, 2)(session);
    });
    await reached;
    // What the other finds decided, it does first.
    await b.commit(projection, 'assignment', 3, async (session) => {
      expect((await session.get(groups, 'new'))?.headcount).toBe(2);
      await put('changed', 3)(session);
      await session.delete(groups, 'deleted');
      await session.delete(groups, 'new');
    });
    late();
    await stalling;
    expect([await read(b, 'changed'), await read(b, 'deleted'), await read(b, 'new')]).toEqual([
      3,
      undefined,
      undefined,
    ]);
    expect(await a.positions(projection)).toEqual({ assignment: 3 });
    await a.commit(projection, 'assignment', 4, async (session) => {
      expect((await session.get(groups, 'changed'))?.headcount).toBe(3);
      await put('new', 4)(session);
    });
    expect(await read(b, 'new')).toBe(4);
  });

  test('a batch that was decided is not lost with the process that decided it', async () => {
    const [a, b] = both();
    jest.spyOn(mongoose.mongo.Collection.prototype, 'bulkWrite').mockRejectedValueOnce(new Error('cut off'));
    await a.commit(projection, 'assignment', 1, put('x', 1));
    jest.spyOn(mongoose.mongo.Collection.prototype, 'bulkWrite').mockRejectedValue(new Error('cut off'));
    await expect(a.commit(projection, 'assignment', 2, put('x', 2))).rejects.toThrow('cut off');
    expect(await a.positions(projection)).toEqual({ assignment: 1 });
    jest.restoreAllMocks();
    await b.commit(projection, 'assignment', 2, () => Promise.reject(new Error('it was applied')));
    expect([await read(a, 'x'), await a.positions(projection)]).toEqual([2, { assignment: 2 }]);
  });

  test('all read and write the generation that another has swapped in', async () => {
    const [a, b] = both();
    await a.commit(projection, 'assignment', 5, put('x', 1));
    expect(await read(b, 'x')).toBe(1);
    const beside = await b.beside(projection);
    await beside.commit('assignment', 5, put('x', 2));
    expect(await beside.swap()).toBe(true);
    expect(await read(a, 'x')).toBe(2);
    await a.commit(projection, 'assignment', 6, put('y', 3));
    expect([await read(b, 'x'), await read(b, 'y')]).toEqual([2, 3]);
  });

  test('a commit while another swaps is in the generation that answers then, or begins again', async () => {
    const [a, b] = both();
    await a.commit(projection, 'assignment', 1, add(1));
    const beside = await b.beside(projection);
    await beside.commit('assignment', 1, add(1));
    const writing = (async () => {
      for (let position = 2; position <= 20; position += 1) await a.commit(projection, 'assignment', position, add(1));
    })();
    let swapped = await beside.swap();
    for (let position = 2; !swapped; position += 1) {
      await beside.commit('assignment', position, add(1));
      swapped = await beside.swap();
    }
    await writing;
    expect([await read(b, 'sum'), await b.positions(projection)]).toEqual([20, { assignment: 20 }]);
  });

  test('the ones of an older version say that their set was rebuilt', async () => {
    const [a, b] = both();
    const newer = groupsProjection({ version: 2 });
    await a.commit(projection, 'assignment', 5, put('x', 1));
    const beside = await b.beside(newer);
    await beside.commit('assignment', 5, put('x', 2));
    await beside.swap();
    await expect(read(a, 'x')).rejects.toThrow(BeingRebuilt);
    await expect(a.commit(projection, 'assignment', 6, put('x', 3))).rejects.toThrow(BeingRebuilt);
  });

  test('two may rebuild at once: each swap is whole', async () => {
    const [a, b] = both();
    await a.commit(projection, 'assignment', 2, put('x', 1));
    const besides = [await a.beside(projection), await b.beside(projection)];
    for (const [at, beside] of besides.entries()) await beside.commit('assignment', 2, put('x', 10 + at));
    expect(await besides[0]?.swap()).toBe(true);
    expect([await read(a, 'x'), await read(b, 'x')]).toEqual([10, 10]);
    expect(await besides[1]?.swap()).toBe(true);
    expect([await read(a, 'x'), await read(b, 'x')]).toEqual([11, 11]);
  });
});
