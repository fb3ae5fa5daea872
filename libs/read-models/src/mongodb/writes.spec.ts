import fc from 'fast-check';
import { fcSeed } from '@phancong/event-sourcing/testing';
import { mongo } from 'mongoose';
import { type Range, compareEntries, keyOf } from '../index-entry.ts';
import { field, rangeFilters, textOfKey } from './collections.ts';
import { unavailableIfSo } from './unavailable.ts';
import { type ModelWrite, inParts } from './writes.ts';

const write = (id: string, length: number): ModelWrite => ({ model: 'groups', id, text: 'x'.repeat(length) });

describe('the parts of a batch', () => {
  test('hold all its writes in order, each part no more than fits', () => {
    const writes = Array.from({ length: 50 }, (_, at) => write(`g${at}`, at * 10));
    const parts = inParts(writes, 1_000);
    expect(parts.flat()).toEqual(writes);
    expect(parts.length).toBeGreaterThan(12);
    for (const part of parts) {
      expect(part.reduce((sum, { text }) => sum + (text?.length ?? 0), 0)).toBeLessThanOrEqual(1_000);
    }
  });
  test('one that is larger than a part stands alone', () => {
    const parts = inParts([write('a', 1), write('b', 5_000), write('c', 1)], 1_000);
    expect(parts.map((part) => part.map(({ id }) => id))).toEqual([['a'], ['b'], ['c']]);
  });
  test('of nothing are none', () => {
    expect(inParts([])).toEqual([]);
  });
});

describe('index entries as texts', () => {
  /** As MongoDB compares texts without a collation. */
  const compareTexts = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
  const value = fc.oneof(fc.constant(null), fc.double({ noNaN: true }), fc.string({ unit: 'binary' }));
  const entry = fc.record({ key: fc.array(value, { maxLength: 3 }).map(keyOf), id: fc.string({ minLength: 1 }) });

  test('sort as their bytes do', () => {
    fc.assert(
      fc.property(entry, entry, (a, b) => {
        const order = compareTexts(textOfKey(a.key), textOfKey(b.key));
        expect(Math.sign(order)).toBe(Math.sign(Buffer.compare(a.key, b.key)));
      }),
      fcSeed(),
    );
  });

  /** What a filter of plain conditions on two fields finds. */
  const finds = (filter: Readonly<Record<string, unknown>>, doc: Readonly<Record<string, string>>): boolean =>
    Object.entries(filter).every(([name, wanted]) => {
      const found = doc[name] ?? '';
      if (typeof wanted === 'string') return found === wanted;
      return Object.entries(wanted ?? {}).every(([operator, bound]) => {
        const order = compareTexts(found, String(bound));
        return { $gt: order > 0, $gte: order >= 0, $lt: order < 0 }[operator];
      });
    });

  test('are found by the filters of a range exactly once, in the order of the filters', () => {
    const entries = fc.uniqueArray(entry, { minLength: 1, maxLength: 30, comparator: (a, b) => !compareEntries(a, b) });
    const bound = fc.record({ key: fc.array(value, { maxLength: 3 }).map(keyOf), id: fc.constantFrom('', 'a', 'm') });
    fc.assert(
      fc.property(entries, bound, bound, fc.boolean(), (all, above, below, descending) => {
        const range: Range = { above, below, descending, limit: undefined };
        const sign = descending ? -1 : 1;
        const sorted = [...all].sort((a, b) => sign * compareEntries(a, b));
        const found = rangeFilters('x', range).flatMap((filter) =>
          sorted.filter(({ key, id }) => finds(filter, { [field('x')]: textOfKey(key), _id: id })),
        );
        const between = sorted.filter((each) => compareEntries(above, each) < 0 && compareEntries(each, below) < 0);
        expect(found).toEqual(between);
      }),
      { ...fcSeed(), numRuns: 500 },
    );
  });
});

describe('an error of MongoDB', () => {
  test('is of the cluster: waiting helps', () => {
    const cause = new mongo.MongoNetworkError('connection closed');
    expect(unavailableIfSo(cause)).toMatchObject({ name: 'MongodbUnavailable', transient: true, cause });
  });
  test.each([
    ['of the program', new RangeError('limit 0')],
    ['of a document too large', new mongo.MongoServerError({ message: 'BSONObjectTooLarge', code: 10_334 })],
  ])('%s stays as it is', (_what, error) => {
    expect(unavailableIfSo(error)).toBe(error);
  });
});
