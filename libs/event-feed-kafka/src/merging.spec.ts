import fc from 'fast-check';
import { fcSeed } from '@phancong/event-sourcing/testing';
import { Merging } from './merging.ts';
import type { ReadRecord } from './message-record.ts';

const record = (offset: number, position?: number): ReadRecord => ({
  offset,
  position,
  bytes: 10,
  item: (at) => ({ key: `${offset}`, position: at, error: position }),
});
const positions = (items: readonly { position: number }[]) => items.map(({ position }) => position);

describe('merging partitions', () => {
  test('gives the order of the log', () => {
    const merging = new Merging(0, [0, 0]);
    merging.add(0, [record(0, 1), record(1, 4)], 2);
    merging.add(1, [record(0, 2), record(1, 3)], 2);
    const { items, through, complete } = merging.take(10, { through: 5, ends: [1, 1] });
    expect([positions(items), through, complete]).toEqual([[1, 2, 3, 4], 5, true]);
  });
  test('waits for a partition that may hold an earlier one', () => {
    const merging = new Merging(0, [0, 0]);
    merging.add(0, [record(0, 1), record(1, 4)], 2);
    const watermark = { through: 4, ends: [1, 1] };
    expect(merging.take(10, watermark)).toEqual({ items: [], bytes: 0, through: 0, complete: false });
    merging.add(1, [record(0, 2)], 1);
    expect(merging.take(10, watermark)).toMatchObject({ through: 2, complete: false });
    merging.add(1, [record(1, 3)], 2);
    expect(merging.take(10, watermark)).toMatchObject({ through: 4, complete: true });
  });
  test('does not wait for a partition that has ended', () => {
    const merging = new Merging(0, [0, 0]);
    merging.add(0, [record(0, 1)], 1);
    expect(merging.take(10, { through: 1, ends: [0, -1] })).toMatchObject({ through: 1, complete: true });
  });
  test('reaches over events that publish nothing', () => {
    expect(new Merging(3, [5]).take(10, { through: 9, ends: [4] })).toEqual({
      items: [],
      bytes: 0,
      through: 9,
      complete: true,
    });
  });
  test('takes nothing that no watermark covers', () => {
    const merging = new Merging(0, [0]);
    merging.add(0, [record(0, 1), record(1, 2)], 2);
    expect(positions(merging.take(10, { through: 1, ends: [0] }).items)).toEqual([1]);
  });
  test('leaves repeats out, also those from before', () => {
    const merging = new Merging(2, [0]);
    merging.add(0, [record(0, 1), record(1, 2), record(2, 3), record(3, 3), record(4, 4)], 5);
    merging.add(0, [record(3, 3), record(4, 4), record(5, 2)], 6);
    expect(positions(merging.take(10, { through: 4, ends: [5] }).items)).toEqual([3, 4]);
  });
  test('is cut at a limit, and goes on there', () => {
    const merging = new Merging(0, [0]);
    merging.add(
      0,
      [1, 2, 3].map((at) => record(at - 1, at)),
      3,
    );
    const watermark = { through: 3, ends: [2] };
    expect(merging.take(2, watermark)).toMatchObject({ through: 2, complete: false });
    expect(merging.take(2, watermark)).toMatchObject({ through: 3, complete: true });
  });
  test('is cut at a number of bytes', () => {
    const merging = new Merging(0, [0]);
    merging.add(
      0,
      [1, 2, 3].map((at) => record(at - 1, at)),
      3,
    );
    expect(merging.waiting(0)).toEqual({ records: 3, bytes: 30 });
    expect(merging.take(9, { through: 3, ends: [2] }, 15)).toMatchObject({ through: 2, bytes: 20, complete: false });
    expect(merging.waiting(0)).toEqual({ records: 1, bytes: 10 });
  });
  test.each([
    ['no position', undefined],
    ['a position that no relay can have reached', 99],
  ])('counts a record with %s at the end of what is covered', (_what, position) => {
    const merging = new Merging(0, [0]);
    merging.add(0, [record(0, 1), record(1, position), record(2, 2)], 3);
    const { items, through } = merging.take(10, { through: 2, ends: [2] });
    expect([items.map(({ key }) => key), positions(items), through]).toEqual([['0', '2', '1'], [1, 2, 2], 2]);
  });
  test('gives each record once, in order, however it comes', () => {
    const given = fc.record({
      partitions: fc.array(fc.nat(3), { maxLength: 80 }),
      chunks: fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 9 })), { maxLength: 60 }),
      limit: fc.integer({ min: 1, max: 7 }),
      batch: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(given, ({ partitions, chunks, limit, batch }) => {
        const lanes: ReadRecord[][] = [[], [], [], []];
        const watermarks = [{ through: 0, ends: [-1, -1, -1, -1] }];
        for (const [at, partition] of partitions.entries()) {
          lanes[partition]?.push(record(lanes[partition]?.length ?? 0, at + 1));
          if ((at + 1) % batch === 0 || at + 1 === partitions.length)
            watermarks.push({ through: at + 1, ends: lanes.map((lane) => lane.length - 1) });
        }
        const merging = new Merging(0, [0, 0, 0, 0]);
        const read = [0, 0, 0, 0];
        const taken: number[] = [];
        const readOn = (partition: number, count: number) => {
          const from = read[partition] ?? 0;
          const next = Math.min(from + count, lanes[partition]?.length ?? 0);
          merging.add(partition, lanes[partition]?.slice(from, next) ?? [], next);
          read[partition] = next;
        };
        const takeAll = (watermark = watermarks[0]) => {
          if (!watermark) return;
          for (let before = -1; before < taken.length; ) {
            before = taken.length;
            const { items, through } = merging.take(limit, watermark);
            taken.push(...positions(items));
            expect(taken).toEqual(partitions.slice(0, through).map((_, at) => at + 1));
          }
        };
        for (const [at, [partition, count]] of chunks.entries()) {
          readOn(partition, count);
          takeAll(watermarks[Math.min(at, watermarks.length - 1)]);
        }
        for (const partition of [0, 1, 2, 3]) readOn(partition, 80);
        takeAll(watermarks.at(-1));
        expect(taken).toHaveLength(partitions.length);
      }),
      fcSeed(),
    );
  });
});
