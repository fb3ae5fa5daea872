import { benchRow, median, percentile, targetMet } from './bench-row.ts';

describe('a row of the benchmark', () => {
  it('relates a figure to its limit', () => {
    const row = benchRow({ name: 'append', value: 450, unit: 'events/s', limit: 500, target: 0.85 });
    expect(row.ratio).toBe(0.9);
    expect(targetMet(row)).toBe(true);
    expect(targetMet({ ...row, target: 0.91 })).toBe(false);
  });

  it('wants times to be small', () => {
    const row = benchRow({ name: 'p99', value: 3, unit: 'ms', limit: 2, target: 2 });
    expect(targetMet(row)).toBe(true);
    expect(targetMet({ ...row, target: 1.4 })).toBe(false);
  });

  it('counts percentiles by rank', () => {
    const samples = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentile(samples, 0.99)).toBe(198);
    expect(percentile(samples, 1)).toBe(200);
    expect(percentile([7], 0.99)).toBe(7);
    expect(median([3, 1, 2])).toBe(2);
    expect(() => median([])).toThrow(RangeError);
  });
});
