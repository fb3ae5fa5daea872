import fc from 'fast-check';
import { fcSeed } from '@phancong/event-sourcing/testing';
import {
  OtherPartitions,
  WatermarkIndex,
  begunRecord,
  endOf,
  inPartitions,
  readWatermark,
  watermarkRecord,
} from './watermark.ts';

describe('a watermark', () => {
  const read = ({ value }: { value: Buffer | string | null }) =>
    readWatermark(value === null ? null : Buffer.from(value));

  test('is read as it was written', () => {
    const watermark = { through: 12, ends: [3, -1, 9] };
    expect(read(watermarkRecord(watermark))).toEqual(watermark);
    expect([0, 1, 2, 3].map((partition) => endOf(watermark, partition))).toEqual([3, -1, 9, -1]);
  });
  test('stands beside the sign of a relay that takes over', () => {
    expect(read(begunRecord('a'))).toEqual({ begun: 'a' });
  });
  test.each([null, '', '{}', '[]', '{"through":-1,"ends":[]}', '{"through":1}'])('is not %p', (value) => {
    expect(read({ value })).toBeUndefined();
  });
  test('replaces those of the same stretch, and not those of another', () => {
    const keys = [0, 10, 4_094, 4_095, 9_000].map((end) =>
      String(watermarkRecord({ through: end + 1, ends: [end] }).key),
    );
    expect(keys).toEqual(['0', '0', '0', '1', '2']);
  });
});

describe('the partitions of a watermark', () => {
  test('must be those declared', () => {
    const watermark = { through: 3, ends: [1, 0, -1] };
    expect(inPartitions(watermark, 3)).toBe(watermark);
    expect(() => inPartitions(watermark, 2)).toThrow('3 partitions, but 2');
    expect(() => inPartitions(watermark, 4)).toThrow(OtherPartitions);
  });
  test('are not known before anything is published', () => {
    expect(inPartitions({ through: 0, ends: [] }, 3)).toEqual({ through: 0, ends: [] });
  });
});

describe('the index of watermarks', () => {
  test('knows nothing at first', () => {
    const index = new WatermarkIndex();
    expect([index.latest(), index.before(100)]).toEqual(Array(2).fill({ through: 0, ends: [] }));
  });
  test('leaves out what comes late', () => {
    const index = new WatermarkIndex();
    index.add({ through: 5, ends: [4] });
    index.add({ through: 3, ends: [2] });
    expect(index.latest()).toEqual({ through: 5, ends: [4] });
  });
  test('gives for any position one that is not beyond it and not far before it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 3_000 }), fc.nat(3)), { maxLength: 60 }),
        fc.nat(200_000),
        (batches, position) => {
          const index = new WatermarkIndex();
          let through = 0;
          let ends = [-1, -1, -1, -1];
          const all = batches.map(([records, partition]) => {
            through += records + 1;
            ends = ends.map((end, at) => (at === partition ? end + records : end));
            return { through, ends };
          });
          for (const each of all) index.add(each);
          const found = index.before(position);
          expect(found.through).toBeLessThanOrEqual(position);
          expect([{ through: 0, ends: [] }, ...all]).toContainEqual(found);
          const total = (each: { ends: readonly number[] }) => each.ends.reduce((sum, end) => sum + end + 1, 0);
          const nearest = all.filter((each) => each.through <= position).at(-1);
          expect((nearest ? total(nearest) : 0) - total(found)).toBeLessThan(4_096 + 3_000);
          expect(index.latest()).toEqual(all.at(-1) ?? { through: 0, ends: [] });
        },
      ),
      fcSeed(),
    );
  });
});
