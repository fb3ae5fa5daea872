import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { fcSeed } from '@phancong/event-sourcing/testing';
import { partitionOf } from './partitioning.ts';

describe('the partition of a key', () => {
  test('is the one that kafkajs chooses, and so the Java client', () => {
    const choose = Partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.integer({ min: 1, max: 64 }), (key, partitions) => {
        const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
          partitionId,
          partitionErrorCode: 0,
          leader: 0,
          replicas: [],
          isr: [],
        }));
        const chosen = choose({ topic: '', partitionMetadata, message: { key, value: null } });
        expect(partitionOf(key, partitions)).toBe(chosen);
      }),
      { ...fcSeed(), numRuns: 500 },
    );
  });
  test('stays what it was', () => {
    expect(['group-may', 'member-1', 'organisations', ''].map((key) => partitionOf(key, 12))).toMatchInlineSnapshot(`
      [
        4,
        6,
        3,
        9,
      ]
    `);
  });
});
