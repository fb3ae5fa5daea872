import type { ReadModels, Session } from '../read-models.ts';
import { group, groups, groupsProjection } from './groups.ts';
import type { ReadModelsUnderTest } from './read-models-contract.ts';

/** What every adapter does when a set is rebuilt beside the live one. */
export function generationsContract(name: string, make: () => Promise<ReadModelsUnderTest>): void {
  describe(`generations of read models: ${name}`, () => {
    const projection = groupsProjection();
    const newer = groupsProjection({ version: 2 });
    const [old, fresh] = [group('Tổ cũ', 1), group('Tổ mới', 2)];
    let under: ReadModelsUnderTest;
    let readModels: ReadModels;

    beforeEach(async () => {
      under = await make();
      readModels = under.readModels;
      await readModels.commit(projection, 'assignment', 5, put('x', old));
    });
    afterEach(() => under.cleanUp());

    const put = (id: string, doc: typeof old) => (session: Session) => session.put(groups, id, doc);
    const read = (id: string, of = projection) => readModels.reader(of).get(groups, id);

    test('a new one is empty and nobody reads it', async () => {
      const beside = await readModels.beside(projection);
      expect(await beside.positions()).toEqual({});
      await beside.commit('assignment', 4, put('x', fresh));
      expect(await beside.positions()).toEqual({ assignment: 4 });
      expect(await read('x')).toEqual(old);
      expect(await readModels.positions(projection)).toEqual({ assignment: 5 });
    });
    test('it does not take over before it has come as far', async () => {
      const beside = await readModels.beside(projection);
      await beside.commit('assignment', 4, put('x', fresh));
      expect(await beside.swap()).toBe(false);
      expect(await read('x')).toEqual(old);
    });
    test('it takes over with all its documents and positions', async () => {
      const beside = await readModels.beside(projection);
      await beside.commit('assignment', 6, put('y', fresh));
      expect(await beside.swap()).toBe(true);
      expect(await read('x')).toBeUndefined();
      expect(await read('y')).toEqual(fresh);
      expect(await readModels.positions(projection)).toEqual({ assignment: 6 });
    });
    test('it must have come as far in every source', async () => {
      await readModels.commit(projection, 'membership', 1, put('m', old));
      const beside = await readModels.beside(projection);
      await beside.commit('assignment', 9, put('x', fresh));
      expect(await beside.swap()).toBe(false);
      await beside.commit('membership', 1, put('m', fresh));
      expect(await beside.swap()).toBe(true);
    });
    test('the live one keeps up meanwhile, and the new one must follow', async () => {
      const beside = await readModels.beside(projection);
      await beside.commit('assignment', 5, put('x', fresh));
      await readModels.commit(projection, 'assignment', 8, put('x', old));
      expect(await beside.swap()).toBe(false);
      await beside.commit('assignment', 8, put('x', fresh));
      expect(await beside.swap()).toBe(true);
    });
    test('commits after the swap go to the new one', async () => {
      const beside = await readModels.beside(projection);
      await beside.commit('assignment', 5, put('x', fresh));
      await beside.swap();
      await readModels.commit(projection, 'assignment', 7, put('z', old));
      await beside.commit('assignment', 8, put('w', fresh));
      expect([await read('x'), await read('z'), await read('w')]).toEqual([fresh, old, fresh]);
      expect(await readModels.positions(projection)).toEqual({ assignment: 8 });
    });
    test('a batch finds what the batches before it have put, moved and deleted', async () => {
      const beside = await readModels.beside(projection);
      const headcounts = async (session: Session) =>
        (await session.find(groups, { index: 'byHeadcount' })).items.map(({ id, doc }) => [id, doc.headcount]);
      const found: unknown[] = [];
      await beside.commit('assignment', 1, async (session) => {
        await session.put(groups, 'x', group('Tổ', 1));
        await session.put(groups, 'y', group('Tổ', 2));
      });
      await beside.commit('assignment', 2, async (session) => {
        found.push(await headcounts(session));
        await session.put(groups, 'x', group('Tổ', 3));
        found.push(await headcounts(session));
      });
      await beside.commit('assignment', 3, async (session) => {
        await session.delete(groups, 'y');
        found.push(await headcounts(session));
      });
      await beside.commit('assignment', 4, async (session) => {
        found.push(await headcounts(session), await session.get(groups, 'y'));
      });
      const [x1, y2, x3] = [['x', 1], ['y', 2], ['x', 3]]; // prettier-ignore
      expect(found).toEqual([[x1, y2], [y2, x3], [x3], [x3], undefined]);
    });
    test('a batch that fails while it is being filled leaves nothing', async () => {
      const beside = await readModels.beside(projection);
      await beside.commit('assignment', 5, put('x', old));
      const failing = beside.commit('assignment', 6, async (session) => {
        await session.put(groups, 'x', fresh);
        await session.put(groups, 'y', fresh);
        throw new Error('the message is broken');
      });
      await expect(failing).rejects.toThrow('the message is broken');
      expect(await beside.positions()).toEqual({ assignment: 5 });
      await beside.commit('assignment', 6, async (session) => expect(await session.changes(groups)).toEqual([]));
      await beside.swap();
      expect([await read('x'), await read('y')]).toEqual([old, undefined]);
    });
    test('it holds tens of thousands of documents, all as they were put last', async () => {
      const [BATCHES, BATCH] = [50, 1_000];
      const beside = await readModels.beside(projection);
      for (let batch = 0; batch < BATCHES; batch += 1) {
        await beside.commit('assignment', batch + 1, async (session) => {
          for (let at = 0; at < BATCH; at += 1) {
            // Each is put in one batch and again nine batches later.
            await session.put(groups, `${batch}-${at}`, group('Tổ', 1));
            if (batch >= 9) await session.put(groups, `${batch - 9}-${at}`, group('Tổ', 2));
          }
        });
      }
      expect(await beside.swap()).toBe(true);
      readModels = await under.reopen();
      const { items } = await readModels.reader(projection).find(groups, { index: 'byHeadcount' });
      const last = (headcount: number) => items.filter(({ doc }) => doc.headcount === headcount).length;
      expect([last(1), last(2)]).toEqual([9 * BATCH, (BATCHES - 9) * BATCH]);
    });
    test('a swap asked for twice happens once', async () => {
      const beside = await readModels.beside(projection);
      await beside.commit('assignment', 5, put('x', fresh));
      expect(await Promise.all([beside.swap(), beside.swap()])).toEqual([true, true]);
      expect(await read('x')).toEqual(fresh);
    });
    test('one given up leaves the live one', async () => {
      const beside = await readModels.beside(projection);
      await beside.commit('assignment', 9, put('x', fresh));
      await beside.drop();
      expect(await read('x')).toEqual(old);
      readModels = await under.reopen();
      expect(await read('x')).toEqual(old);
    });
    test('one cut off by a crash is gone after the restart', async () => {
      const beside = await readModels.beside(projection);
      await beside.commit('assignment', 9, put('x', fresh));
      readModels = await under.reopen();
      expect(await read('x')).toEqual(old);
      expect(await readModels.positions(projection)).toEqual({ assignment: 5 });
      expect(await (await readModels.beside(projection)).positions()).toEqual({});
    });
    test('a second rebuild begins from nothing', async () => {
      await (await readModels.beside(projection)).commit('assignment', 9, put('x', fresh));
      const again = await readModels.beside(projection);
      expect(await again.positions()).toEqual({});
      await again.commit('assignment', 5, put('y', fresh));
      expect(await again.swap()).toBe(true);
      expect(await read('x')).toBeUndefined();
    });
    test('a swap lasts', async () => {
      const beside = await readModels.beside(projection);
      await beside.commit('assignment', 6, put('x', fresh));
      await beside.swap();
      readModels = await under.reopen();
      expect(await read('x')).toEqual(fresh);
      expect(await readModels.positions(projection)).toEqual({ assignment: 6 });
    });
    test('an outdated set answers again once it is rebuilt', async () => {
      readModels = await under.reopen();
      const beside = await readModels.beside(newer);
      await beside.commit('assignment', 5, put('x', fresh));
      expect(await beside.swap()).toBe(true);
      expect(await readModels.outdated(newer)).toBe(false);
      expect(await read('x', newer)).toEqual(fresh);
      await readModels.commit(newer, 'assignment', 6, put('x', old));
      readModels = await under.reopen();
      expect(await read('x', newer)).toEqual(old);
    });
  });
}
