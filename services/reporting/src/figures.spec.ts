import { isNone, none, plus, sorted } from './figures.ts';

describe('figures', () => {
  it('add up by name', () => expect(plus({ a: 1, b: 2 }, { b: 3, c: 4 })).toEqual({ a: 1, b: 5, c: 4 }));
  it('are taken away with a factor of -1', () => expect(plus({ a: 1 }, { a: 3 }, -1)).toEqual({ a: -2 }));
  it('do not name what is nothing', () => expect(plus({ a: 1, b: 2 }, { a: 1 }, -1)).toEqual({ b: 2 }));
  it('leave what they were made from as it was', () => {
    const one = { a: 1 };
    plus(one, { a: 1, b: 1 });
    expect(one).toEqual({ a: 1 });
  });
  it('are the same text for the same figures, however they were added up', () => {
    const one = plus(plus(none, { b: 1 }), { a: 1, c: 0 });
    const other = plus(plus(plus(none, { c: 1 }), { a: 1, b: 1 }), { c: 1 }, -1);
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });
  it('are none when nothing is named', () => expect([isNone(none), isNone({ a: 1 })]).toEqual([true, false]));
  it('sort by name', () => expect(Object.keys(sorted({ b: 1, a: 2 }))).toEqual(['a', 'b']));
});
