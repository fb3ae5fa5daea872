import fc from 'fast-check';
import { fcSeed } from '@phancong/event-sourcing/testing';
import { shareOf, spread } from './shares.ts';
import { SHARES } from './topics.ts';

const member = (memberId: string, wanted: readonly number[], had: readonly number[] = []) => ({
  memberId,
  wanted,
  had,
});

describe('the shares of a service’s readers', () => {
  test('are the same in every copy', () => {
    expect(shareOf('reporting/coverage')).toBe(shareOf('reporting/coverage'));
    expect(shareOf('reporting/coverage')).toBeLessThan(SHARES);
  });
  test('all fall to one that is alone', () => {
    expect(spread([member('a', [1, 2])]).get('a')).toHaveLength(SHARES);
  });
  test('stay where they were when a copy comes, but for what it needs', () => {
    const used = [1, 4, 9, 20];
    const given = spread([
      member('new', used),
      member(
        'old',
        used,
        Array.from({ length: SHARES }, (_, at) => at),
      ),
    ]);
    const ofOld = used.filter((share) => given.get('old')?.includes(share));
    expect(ofOld).toEqual([1, 4]);
  });
  test('are each given once, and those with readers evenly', () => {
    const shares = fc.uniqueArray(fc.nat(SHARES - 1), { maxLength: 12 });
    const members = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), shares, shares), {
      selector: ([memberId]) => memberId,
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(members, (chosen) => {
        const given = spread(chosen.map(([memberId, wanted, had]) => member(memberId, wanted, had)));
        const all = [...given.values()].flat();
        expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: SHARES }, (_, at) => at));
        const used = new Set(chosen.flatMap(([, wanted]) => wanted));
        const counts = [...given.values()].map((own) => own.filter((share) => used.has(share)).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(
          Math.max(1, Math.ceil(used.size / chosen.length)),
        );
        expect(Math.max(...counts)).toBeLessThanOrEqual(Math.ceil(used.size / chosen.length));
      }),
      fcSeed(),
    );
  });
});
