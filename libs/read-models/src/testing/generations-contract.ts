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
