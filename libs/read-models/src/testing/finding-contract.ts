import type { Position } from '@phancong/event-sourcing';
import type { Query, ReadModels, Session } from '../read-models.ts';
import { type GroupDocument, group, groups, groupsProjection } from './groups.ts';
import type { ReadModelsUnderTest } from './read-models-contract.ts';

/** How every adapter finds documents by their indexes. */
export function findingContract(name: string, make: () => Promise<ReadModelsUnderTest>): void {
  describe(`finding in read models: ${name}`, () => {
    const projection = groupsProjection();
    let under: ReadModelsUnderTest;
    let readModels: ReadModels;

    beforeEach(async () => {
      under = await make();
      readModels = under.readModels;
    });
    afterEach(() => under.cleanUp());

    const commit = (through: Position, work: (session: Session) => Promise<void>) =>
      readModels.commit(projection, 'assignment', through, work);

    const given = (docs: Readonly<Record<string, GroupDocument>>, through = 1) =>
      commit(through, async (session) => {
        for (const [id, doc] of Object.entries(docs)) await session.put(groups, id, doc);
      });

    const reader = () => readModels.reader(projection);
    const idsOf = async (query: Query) => (await reader().find(groups, query)).items.map(({ id }) => id);
    /** The same query asked of the committed documents, and of a session that has put the same ones itself. */
    const both = async (docs: Readonly<Record<string, GroupDocument>>, query: Query) => {
      let own: readonly string[] = [];
      await commit(1, async (session) => {
        for (const [id, doc] of Object.entries(docs)) await session.put(groups, id, doc);
        own = (await session.find(groups, query)).items.map(({ id }) => id);
      });
      expect(own).toEqual(await idsOf(query));
      return own;
    };

    const workers = group('Tổ may 1', 40, { organisation: 'may-10' });
    const students = group('Khoa Cơ khí', 300, { organisation: 'bach-khoa' });
    const youth = group('Thanh niên tổ may', 25, { organisation: 'may-10' });

    describe('a query', () => {
      const counted = Object.fromEntries([7, -3, 0, 100, 20, 2.5].map((count) => [`g${count}`, group('Tổ', count)]));

      test('orders by the index, numbers as numbers', async () => {
        expect(await both(counted, { index: 'byHeadcount' })).toEqual(['g-3', 'g0', 'g2.5', 'g7', 'g20', 'g100']);
      });
      test('orders descending', async () => {
        const query = { index: 'byHeadcount', descending: true };
        expect(await both(counted, query)).toEqual(['g100', 'g20', 'g7', 'g2.5', 'g0', 'g-3']);
      });
      test('orders null before numbers before texts', async () => {
        const ranks = ['b', 10, null, '9', -1, '', 'B', 'ă', 1e300, 0.1, -1e300, 'b\u0000a', '🌾', '\uffff'];
        const docs = Object.fromEntries(ranks.map((rank, at) => [`r${at}`, group('Tổ', 1, { rank })]));
        const inOrder = [null, -1e300, -1, 0.1, 10, 1e300, '', '9', 'B', 'b', 'b\u0000a', 'ă', '\uffff', '🌾'];
        const found = await both(docs, { index: 'byRank' });
        expect(found.map((id) => docs[id]?.rank)).toEqual(inOrder);
      });
      test('orders equal entries by id', async () => {
        const docs = { b: group('Tổ', 1), a: group('Tổ', 1), 'a🌾': group('Tổ', 1), C: group('Tổ', 1) };
        expect(await both(docs, { index: 'byHeadcount' })).toEqual(['C', 'a', 'a🌾', 'b']);
        expect(await idsOf({ index: 'byHeadcount', descending: true })).toEqual(['b', 'a🌾', 'a', 'C']);
      });
      test('finds those between two values, both included', async () => {
        expect(await both(counted, { index: 'byHeadcount', from: 0, through: 20 })).toEqual([
          'g0',
          'g2.5',
          'g7',
          'g20',
        ]);
      });
      test('finds from a value on, or up to one', async () => {
        expect(await both(counted, { index: 'byHeadcount', from: 8 })).toEqual(['g20', 'g100']);
        expect(await idsOf({ index: 'byHeadcount', through: 0 })).toEqual(['g-3', 'g0']);
      });
      test('finds nothing where nothing lies', async () => {
        expect(await both(counted, { index: 'byHeadcount', from: 21, through: 99 })).toEqual([]);
      });
      test('finds by the first values, and a range on the next', async () => {
        const query = { index: 'byOrganisation', equals: ['may-10'] };
        expect(await both({ workers, students, youth }, query)).toEqual(['youth', 'workers']);
        expect(await idsOf({ ...query, from: 26 })).toEqual(['workers']);
        expect(await idsOf({ ...query, through: 25 })).toEqual(['youth']);
        expect(await idsOf({ index: 'byOrganisation', equals: ['may-10', 40, 'Tổ may 1'] })).toEqual(['workers']);
      });
      test('does not take a text for the beginning of another', async () => {
        const named = (organisation: string) => group('Tổ', 1, { organisation });
        const docs = { a: named('may'), b: named('may-10'), c: named('may\u0000'), d: named('') };
        expect(await both(docs, { index: 'byOrganisation', equals: ['may'] })).toEqual(['a']);
        expect(await idsOf({ index: 'byOrganisation', equals: [''] })).toEqual(['d']);
      });
      test('does not find a document without an entry', async () => {
        expect(await both({ workers, free: group('Tự do', 1) }, { index: 'byOrganisation' })).toEqual(['workers']);
      });
      test('follows a document whose entry changes, appears or disappears', async () => {
        await given({ workers, youth, free: group('Tự do', 1) });
        await given({ workers: { ...workers, organisation: 'bach-khoa' }, youth: group('Tổ', 9), free: workers }, 2);
        expect(await idsOf({ index: 'byOrganisation', equals: ['may-10'] })).toEqual(['free']);
        expect(await idsOf({ index: 'byOrganisation', equals: ['bach-khoa'] })).toEqual(['workers']);
      });
      test('finds the new text of a document whose entries stay', async () => {
        await given({ workers });
        await given({ workers: { ...workers, rank: 'A' } }, 2);
        await given({ workers: { ...workers, rank: 'A' } }, 3);
        expect((await reader().find(groups, { index: 'byRank' })).items[0]?.doc.rank).toBe('A');
      });
      test('in a session sees what the session put, moved and deleted', async () => {
        await given({ workers, students, youth });
        await commit(2, async (session) => {
          await session.delete(groups, 'youth');
          await session.put(groups, 'students', { ...students, organisation: 'may-10' });
          await session.put(groups, 'new', group('Tổ may 2', 10, { organisation: 'may-10' }));
          const found = await session.find(groups, { index: 'byOrganisation', equals: ['may-10'], limit: 2 });
          expect(found.items.map(({ id }) => id)).toEqual(['new', 'workers']);
          const next = await session.find(groups, { index: 'byOrganisation', equals: ['may-10'], cursor: found.next });
          expect(next.items.map(({ id }) => id)).toEqual(['students']);
        });
      });
      test('in a session finds what lies behind the deleted ones', async () => {
        await given(counted);
        await commit(2, async (session) => {
          for (const id of ['g-3', 'g0', 'g2.5', 'g7']) await session.delete(groups, id);
          const found = await session.find(groups, { index: 'byHeadcount', limit: 1 });
          expect(found.items.map(({ id }) => id)).toEqual(['g20']);
          expect(found.next).toBeDefined();
        });
      });
      test('of an index that is not declared is refused', async () => {
        await expect(idsOf({ index: 'byColour' })).rejects.toThrow(RangeError);
      });
    });

    describe('pages', () => {
      const many = Object.fromEntries(
        Array.from({ length: 25 }, (_, at) => [`g${at}`, group('Tổ', at % 4, { organisation: at % 2 ? 'x' : 'y' })]),
      );
      const walk = async (query: Query) => {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await reader().find(groups, { ...query, cursor });
          seen.push(...page.items.map(({ id }) => id));
          cursor = page.next;
        } while (cursor !== undefined);
        return seen;
      };

      test.each([
        [1, false],
        [4, false],
        [4, true],
        [25, false],
        [100, true],
      ])('of %i, descending %s, give every document once and in order', async (limit, descending) => {
        await given(many);
        expect(await walk({ index: 'byHeadcount', limit, descending })).toEqual(
          await idsOf({ index: 'byHeadcount', descending }),
        );
      });
      test('the last one has no next', async () => {
        await given(many);
        expect((await reader().find(groups, { index: 'byHeadcount', limit: 25 })).next).toBeUndefined();
        expect((await reader().find(groups, { index: 'byHeadcount', limit: 24 })).next).toBeDefined();
        expect((await reader().find(groups, { index: 'byHeadcount' })).next).toBeUndefined();
      });
      test('go on where they were when documents come and go', async () => {
        await given(many);
        const page = await reader().find(groups, { index: 'byHeadcount', limit: 5 });
        await commit(2, async (session) => {
          for (const { id } of page.items) await session.delete(groups, id);
        });
        const [first] = (await reader().find(groups, { index: 'byHeadcount', cursor: page.next })).items;
        expect(first?.id).toBe((await idsOf({ index: 'byHeadcount' }))[0]);
      });
      test('a cursor from elsewhere does not reach beyond the query', async () => {
        await given(many);
        const other = await reader().find(groups, { index: 'byOrganisation', equals: ['x'], limit: 1 });
        const query = { index: 'byOrganisation', equals: ['y'], cursor: other.next };
        const found = await reader().find(groups, query);
        expect(found.items.every(({ doc }) => doc.organisation === 'y')).toBe(true);
      });
      test.each([[''], ['.'], ['rubbish'], ['a.b.c'], ['%%%.%%%'], ['AAAA.']])(
        'cursor %j is refused',
        async (cursor) => {
          await expect(idsOf({ index: 'byHeadcount', cursor })).rejects.toMatchObject({ code: 'invalid-cursor' });
        },
      );
      test.each([[0], [-1], [1.5]])('limit %d is refused', async (limit) => {
        await expect(idsOf({ index: 'byHeadcount', limit })).rejects.toThrow(RangeError);
      });
    });
  });
}
