import { random, share } from './random.ts';

describe('random', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    const drawn = (seed: number) =>
      Array.from(
        { length: 20 },
        (
          (from) => () =>
            from.next()
        )(random(seed)),
      );
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
    expect(drawn(7).every((number) => number >= 0 && number < 1)).toBe(true);
  });

  it('draws evenly', () => {
    const { between } = random(1);
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 6_000; draw += 1) {
      const face = between(1, 6);
      counts.set(face, 1 + (counts.get(face) ?? 0));
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('samples different items, all of them if asked for more', () => {
    const items = ['a', 'b', 'c', 'd'];
    const { sample } = random(3);
    expect(new Set(sample(items, 3)).size).toBe(3);
    expect(sample(items, 9).toSorted()).toEqual(items);
    expect(items).toEqual(['a', 'b', 'c', 'd']);
  });

  it('picks by weight', () => {
    const { weighted } = random(5);
    const picked = Array.from({ length: 300 }, () =>
      weighted(['often', 'never'], (item) => (item === 'often' ? 1 : 0)),
    );
    expect(new Set(picked)).toEqual(new Set(['often']));
  });

  it('picks from nothing: refused', () => {
    expect(() => random(1).pick([])).toThrow(RangeError);
  });
});

describe('share', () => {
  it('adds up to the total exactly, and follows the weights', () => {
    expect(share(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(share(7, [0, 2, 5])).toEqual([0, 2, 5]);
    const { skewed } = random(9);
    const parts = share(4_702_000, Array.from({ length: 900 }, skewed));
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(4_702_000);
    expect(parts.every(Number.isInteger)).toBe(true);
  });

  it('cannot be done without a weight', () => {
    expect(() => share(3, [])).toThrow(RangeError);
    expect(() => share(3, [0, 0])).toThrow(RangeError);
  });
});
