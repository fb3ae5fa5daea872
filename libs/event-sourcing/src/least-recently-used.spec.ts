import { LeastRecentlyUsed } from './least-recently-used.ts';

describe('a map of what was used last', () => {
  it('forgets what was not used for longest', () => {
    const map = new LeastRecentlyUsed<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('c', 3);
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 2, 3]);
  });

  it('counts reading and writing as use', () => {
    const map = new LeastRecentlyUsed<string, number>(3);
    map.set('a', 1);
    map.set('b', 2);
    map.set('c', 3);
    map.get('a');
    map.set('b', 20);
    map.set('d', 4);
    expect([map.get('a'), map.get('b'), map.get('c'), map.get('d')]).toEqual([1, 20, undefined, 4]);
  });

  it('counts an entry that is written again once', () => {
    const map = new LeastRecentlyUsed<string, number>(2);
    map.set('a', 1);
    for (let value = 0; value < 5; value += 1) map.set('b', value);
    expect([map.get('a'), map.get('b')]).toEqual([1, 4]);
  });
});
