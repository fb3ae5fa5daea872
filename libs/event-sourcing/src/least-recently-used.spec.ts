import fc from 'fast-check';
import { LeastRecentlyUsed } from './least-recently-used.ts';
import { fcSeed } from './testing/index.ts';

describe('a map of what was used last', () => {
  it('forgets what was not used for longest', () => {
    const map = new LeastRecentlyUsed<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 2, 3]);
  });

  it('counts reading and writing as use', () => {
    const map = new LeastRecentlyUsed<string, number>(4);
    for (const name of ['a', 'b', 'c', 'd']) map.set(name, 1);
    map.get('a');
    map.set('b', 20);
    map.set('e', 5);
    expect([map.get('a'), map.get('b'), map.get('c'), map.get('d')]).toEqual([1, 20, undefined, undefined]);
  });

  it('counts an entry that is written again once', () => {
    const map = new LeastRecentlyUsed<string, number>(2);
    map.set('a', 1);
    for (let value = 0; value < 5; value += 1) map.set('b', value);
    expect([map.get('a'), map.get('b')]).toEqual([1, 4]);
  });

  it('surely holds half as many as it may, never more than it may, and never an old value', () => {
    const capacity = 6;
    fc.assert(
      fc.property(fc.array(fc.nat(12), { maxLength: 200 }), (keys) => {
        const map = new LeastRecentlyUsed<number, number>(capacity);
        const values = new Map<number, number>();
        keys.forEach((key, at) => {
          const lastUsed = [...new Set(keys.slice(0, at).reverse())];
          const known = map.get(key);
          if (lastUsed.slice(0, capacity / 2).includes(key)) expect(known).toBe(values.get(key));
          else if (!lastUsed.slice(0, capacity).includes(key)) expect(known).toBeUndefined();
          else expect([undefined, values.get(key)]).toContain(known);
          map.set(key, at);
          values.set(key, at);
        });
      }),
      fcSeed(),
    );
  });
});
