import type { Position } from '@phancong/event-sourcing';
import { z } from 'zod';
import {
  BeingRebuilt,
  type Projection,
  type Query,
  type ReadModel,
  type ReadModels,
  type Session,
} from '../read-models.ts';
import { GroupDocument, group, groups, groupsProjection, tallies } from './groups.ts';

/** Read models under test; `reopen` gives them as a new process finds them. */
export interface ReadModelsUnderTest {
  readonly readModels: ReadModels;
  readonly reopen: () => Promise<ReadModels>;
  readonly cleanUp: () => Promise<void>;
}

const keysOnly = (indexes: object): Record<string, () => undefined> =>
  Object.fromEntries(Object.keys(indexes).map((index) => [index, () => undefined]));

/** What every adapter of the ReadModels port does. */
export function readModelsContract(name: string, make: () => Promise<ReadModelsUnderTest>): void {
  describe(`read models: ${name}`, () => {
    const projection = groupsProjection();
    let under: ReadModelsUnderTest;
    let readModels: ReadModels;

    beforeEach(async () => {
      under = await make();
      readModels = under.readModels;
    });
    afterEach(() => under.cleanUp());

    const commit = (through: Position, work: (session: Session) => Promise<void>, into = projection) =>
      readModels.commit(into, 'assignment', through, work);

    const given = (docs: Readonly<Record<string, GroupDocument>>, through = 1) =>
      commit(through, async (session) => {
        for (const [id, doc] of Object.entries(docs)) await session.put(groups, id, doc);
      });

    const reader = (of = projection) => readModels.reader(of);
    const idsOf = async (query: Query) => (await reader().find(groups, query)).items.map(({ id }) => id);
    const workers = group('Tổ may 1', 40, { organisation: 'may-10' });
    const students = group('Khoa Cơ khí', 300, { organisation: 'bach-khoa' });
    const youth = group('Thanh niên tổ may', 25, { organisation: 'may-10' });

    describe('documents', () => {
      test('a document put is read as it was put', async () => {
        await given({ workers });
        expect(await reader().get(groups, 'workers')).toEqual(workers);
      });
      test('a document that was never put is not there', async () => {
        expect(await reader().get(groups, 'workers')).toBeUndefined();
      });
      test('a document put again replaces the one before', async () => {
        await given({ workers });
        await given({ workers: youth }, 2);
        expect(await reader().get(groups, 'workers')).toEqual(youth);
      });
      test('a deleted document is gone, and can come again', async () => {
        await given({ workers });
        await commit(2, (session) => session.delete(groups, 'workers'));
        expect(await reader().get(groups, 'workers')).toBeUndefined();
        await given({ workers: youth }, 3);
        expect(await reader().get(groups, 'workers')).toEqual(youth);
      });
      test('deleting what is not there does nothing', async () => {
        await commit(1, (session) => session.delete(groups, 'workers'));
        expect(await readModels.positions(projection)).toEqual({ assignment: 1 });
      });
      test('models with the same ids do not mix', async () => {
        await commit(1, async (session) => {
          await session.put(groups, 'x', workers);
          await session.put(tallies, 'x', { groups: 7 });
        });
        expect(await reader().get(groups, 'x')).toEqual(workers);
        expect(await reader().get(tallies, 'x')).toEqual({ groups: 7 });
      });
      test('projections with the same models do not mix', async () => {
        const other = groupsProjection({ name: 'others' });
        await given({ workers });
        expect(await reader(other).get(groups, 'workers')).toBeUndefined();
        expect(await readModels.positions(other)).toEqual({});
      });
      test('getMany gives those that exist', async () => {
        await given({ workers, students });
        const found = await reader().getMany(groups, ['students', 'nobody', 'workers', 'students']);
        expect(Object.fromEntries(found)).toEqual({ workers, students });
      });
      test('getMany of thousands', async () => {
        const many = Object.fromEntries(Array.from({ length: 2_500 }, (_, at) => [`g${at}`, group(`Tổ ${at}`, at)]));
        await given(many);
        expect(Object.fromEntries(await reader().getMany(groups, Object.keys(many)))).toEqual(many);
      });
      test('any text is an id, and any text a value', async () => {
        const odd = ['Đặng Văn 🌾', "'; DROP TABLE groups; --", 'a"b', '\u0000', 'A', 'a', ' '];
        await given(Object.fromEntries(odd.map((id) => [id, group(id, 1)])));
        for (const id of odd) expect(await reader().get(groups, id)).toEqual(group(id, 1));
      });
      test('an empty id is refused', async () => {
        await expect(commit(1, (session) => session.put(groups, '', workers))).rejects.toThrow(RangeError);
      });
      test('what a caller does to a document that it read stays with it', async () => {
        await given({ workers });
        const read = await reader().get(groups, 'workers');
        if (read) read.headcount = 0;
        expect(await reader().get(groups, 'workers')).toEqual(workers);
        await commit(2, async (session) => expect(await session.get(groups, 'workers')).toEqual(workers));
      });
      test('a stored document that does not fit its schema is an error, not an answer', async () => {
        const schema = GroupDocument.extend({ name: z.number() });
        const older: ReadModel<z.infer<typeof schema>> = { name: 'groups', schema, indexes: keysOnly(groups.indexes) };
        const wrong = { name: 1, headcount: 1 };
        const models = [older, tallies];
        await commit(1, (session) => session.put(older, 'x', wrong), groupsProjection({ models }));
        readModels = await under.reopen();
        await expect(reader().get(groups, 'x')).rejects.toThrow();
      });
      test('a model that the projection does not declare is refused', async () => {
        const undeclared = { ...tallies, name: 'undeclared' };
        await expect(commit(1, (session) => session.put(undeclared, 'x', { groups: 1 }))).rejects.toThrow(RangeError);
        await expect(reader().get(undeclared, 'x')).rejects.toThrow(RangeError);
      });
    });

    describe('a session', () => {
      test('reads its own puts and deletes', async () => {
        await given({ workers, students });
        await commit(2, async (session) => {
          await session.put(groups, 'youth', youth);
          await session.delete(groups, 'workers');
          expect(await session.get(groups, 'youth')).toEqual(youth);
          expect(await session.get(groups, 'workers')).toBeUndefined();
          const many = await session.getMany(groups, ['workers', 'students', 'youth']);
          expect(Object.fromEntries(many)).toEqual({ students, youth });
        });
      });
      test('others see nothing of it before it is committed', async () => {
        await commit(1, async (session) => {
          await session.put(groups, 'workers', workers);
          expect(await reader().get(groups, 'workers')).toBeUndefined();
          expect(await readModels.positions(projection)).toEqual({});
        });
        expect(await reader().get(groups, 'workers')).toEqual(workers);
      });
      test('tells what it changed, each document once, with before and after', async () => {
        await given({ workers, students });
        await commit(2, async (session) => {
          await session.put(groups, 'workers', youth);
          await session.put(groups, 'workers', { ...workers, headcount: 41 });
          await session.delete(groups, 'students');
          await session.put(groups, 'youth', youth);
          expect(await session.changes(groups)).toEqual([
            { id: 'workers', before: workers, after: { ...workers, headcount: 41 } },
            { id: 'students', before: students, after: undefined },
            { id: 'youth', before: undefined, after: youth },
          ]);
          expect(await session.changes(tallies)).toEqual([]);
        });
      });
      test('a document put and deleted again is no change', async () => {
        await commit(1, async (session) => {
          await session.put(groups, 'youth', youth);
          await session.delete(groups, 'youth');
          expect(await session.changes(groups)).toEqual([]);
        });
      });
      test('is over when its batch is', async () => {
        const kept: Session[] = [];
        await commit(1, async (session) => {
          kept.push(session);
        });
        await expect(kept[0]?.put(groups, 'workers', workers)).rejects.toThrow('over');
      });
      test('learns the position up to which messages have been applied', async () => {
        const seen: Position[] = [];
        for (const through of [5, 9]) {
          await readModels.commit(projection, 'assignment', through, async (_session, after) => void seen.push(after));
        }
        expect(seen).toEqual([0, 5]);
      });
    });

    describe('a commit', () => {
      test('keeps documents and position together', async () => {
        await given({ workers }, 12);
        readModels = await under.reopen();
        expect(await readModels.positions(projection)).toEqual({ assignment: 12 });
        expect(await reader().get(groups, 'workers')).toEqual(workers);
      });
      test('keeps neither when the work throws', async () => {
        await given({ workers });
        const failing = commit(2, async (session) => {
          await session.put(groups, 'workers', youth);
          throw new Error('unreadable message');
        });
        await expect(failing).rejects.toThrow('unreadable message');
        expect(await reader().get(groups, 'workers')).toEqual(workers);
        expect(await readModels.positions(projection)).toEqual({ assignment: 1 });
        await commit(2, async (session) => expect(await session.get(groups, 'workers')).toEqual(workers));
      });
      test('keeps neither when a document cannot be stored', async () => {
        await given({ workers });
        const failing = commit(2, async (session) => {
          await session.put(groups, 'youth', youth);
          await session.put(groups, 'workers', group('NaN', 1, { rank: Number.NaN }));
        });
        await expect(failing).rejects.toThrow(RangeError);
        expect(await reader().get(groups, 'youth')).toBeUndefined();
        expect(await readModels.positions(projection)).toEqual({ assignment: 1 });
      });
      test.each([[5], [3]])('up to %i after one up to 5 is left out', async (through) => {
        await given({ workers }, 5);
        await given({ workers: youth }, through);
        expect(await reader().get(groups, 'workers')).toEqual(workers);
      });
      test('moves the position although nothing was written', async () => {
        await commit(7, async () => undefined);
        expect(await readModels.positions(projection)).toEqual({ assignment: 7 });
      });
      test('counts each source by itself', async () => {
        await given({ workers }, 5);
        await readModels.commit(projection, 'membership', 3, (session) => session.put(groups, 'youth', youth));
        expect(await readModels.positions(projection)).toEqual({ assignment: 5, membership: 3 });
        expect(await reader().get(groups, 'youth')).toEqual(youth);
      });
      test('of messages that were set aside leaves the position where it is', async () => {
        await given({ workers }, 5);
        await readModels.commit(projection, 'assignment', 'replay', (session) => session.put(groups, 'youth', youth));
        expect(await reader().get(groups, 'youth')).toEqual(youth);
        expect(await readModels.positions(projection)).toEqual({ assignment: 5 });
      });
      test('waits for the ones before it', async () => {
        const add = (through: Position) =>
          commit(through, async (session) => {
            const tally = await session.get(tallies, 'all');
            await new Promise(setImmediate);
            await session.put(tallies, 'all', { groups: (tally?.groups ?? 0) + 1 });
          });
        await Promise.all([1, 2, 3, 4, 5].map(add));
        expect(await reader().get(tallies, 'all')).toEqual({ groups: 5 });
      });
      test('goes on after one that failed', async () => {
        const failing = commit(1, () => Promise.reject(new Error('unreadable')));
        const next = given({ workers }, 2);
        await expect(failing).rejects.toThrow('unreadable');
        await next;
        expect(await reader().get(groups, 'workers')).toEqual(workers);
      });
      test('of one projection does not wait for another', async () => {
        const other = groupsProjection({ name: 'others' });
        await commit(1, async () => {
          await commit(1, (session) => session.put(groups, 'youth', youth), other);
        });
        expect(await reader(other).get(groups, 'youth')).toEqual(youth);
      });
    });

    describe('after a restart', () => {
      test('finds and pages as before', async () => {
        await given({ workers, students, youth }, 3);
        readModels = await under.reopen();
        expect(await idsOf({ index: 'byOrganisation', equals: ['may-10'] })).toEqual(['youth', 'workers']);
        await given({ workers: { ...workers, headcount: 1 } }, 4);
        expect(await idsOf({ index: 'byOrganisation', equals: ['may-10'] })).toEqual(['workers', 'youth']);
      });
      test('a set of the same layout goes on', async () => {
        await given({ workers });
        readModels = await under.reopen();
        expect(await readModels.outdated(groupsProjection())).toBe(false);
      });
      test.each<[string, Partial<Projection>]>([
        ['a raised version', { version: 2 }],
        ['another model', { models: [groups] }],
        [
          'another index',
          { models: [{ ...groups, indexes: { byName: ({ name }: GroupDocument) => [name] } }, tallies] },
        ],
      ])('%s makes the stored set outdated: it gives no answers', async (_what, changed) => {
        await given({ workers });
        readModels = await under.reopen();
        const newer = groupsProjection(changed);
        expect(await readModels.outdated(newer)).toBe(true);
        await expect(reader(newer).get(groups, 'workers')).rejects.toThrow(BeingRebuilt);
        await expect(commit(2, async () => undefined, newer)).rejects.toThrow(BeingRebuilt);
        expect(await readModels.positions(newer)).toEqual({ assignment: 1 });
      });
      test('a set that was never stored is not outdated', async () => {
        expect(await readModels.outdated(projection)).toBe(false);
      });
      test('what is closed answers no more', async () => {
        await readModels.close();
        await readModels.close();
        await expect(reader().get(groups, 'workers')).rejects.toThrow('closed');
      });
    });
  });
}
