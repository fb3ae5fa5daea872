import { SharedTurn } from '@phancong/event-sourcing';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { createTable, rangeSql, tableReader, tableWriter } from './sqlite-tables.ts';
import { group, groups } from './testing/index.ts';

const Plan = z.array(z.object({ detail: z.string() }));

describe('tables of read models in SQLite', () => {
  const db = new Database(':memory:');
  createTable(db, 1, groups);
  afterAll(() => db.close());

  test.each(
    Object.keys(groups.indexes).flatMap((index) => [
      { index, descending: false },
      { index, descending: true },
    ]),
  )(
    'a query of $index, descending $descending, reads one range of its index and sorts nothing',
    ({ index, descending }) => {
      const sql = rangeSql(1, groups, index, descending);
      const plan = Plan.parse(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(Buffer.of(), '', Buffer.of(), '', 1));
      const key = `k_${index}`;
      expect(plan.map(({ detail }) => detail)).toEqual([
        `SEARCH g1_groups USING INDEX g1_groups_${index} ((${key},id)>(?,?) AND (${key},id)<(?,?))`,
      ]);
    },
  );

  test('a document is found by its id without a scan', () => {
    const plan = Plan.parse(db.prepare('EXPLAIN QUERY PLAN SELECT doc FROM g1_groups WHERE id = ?').all('x'));
    expect(plan.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SEARCH g1_groups USING INDEX .* \(id=\?\)$/),
    ]);
  });

  test('a write without keys leaves the index as it is', () => {
    const write = tableWriter(db, 1, groups);
    const key = Buffer.of(2);
    write([{ id: 'x', text: JSON.stringify(group('Tổ', 1)), keys: { byHeadcount: key } }]);
    write([{ id: 'x', text: JSON.stringify(group('Tổ may', 1)) }]);
    const all = { above: { key: Buffer.of(), id: '' }, below: { key: Buffer.of(9), id: '' }, descending: false };
    const reads = new SharedTurn(
      () => undefined,
      () => undefined,
    );
    const rows = tableReader(db, 1, groups, reads).range('byHeadcount', { ...all, limit: undefined });
    expect(rows).toEqual([{ key, id: 'x', text: JSON.stringify(group('Tổ may', 1)) }]);
  });

  test.each(['a_b', '', '1a', 'a"; DROP TABLE x', 'a b'])('%j cannot name a model or an index', (name) => {
    expect(() => createTable(db, 2, { ...groups, name })).toThrow(RangeError);
    expect(() => createTable(db, 3, { ...groups, indexes: { [name]: () => [1] } })).toThrow(RangeError);
  });
});
