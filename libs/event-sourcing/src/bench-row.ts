/** One line of the benchmark: a figure beside the raw limit of the same machine, measured in the same run. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  /** Of `value` and `limit`, e.g. `events/s` or `ms`. */
  readonly unit: string;
  readonly limit: number;
  /** `value` ÷ `limit`. */
  readonly ratio: number;
  /** What the ratio should be: at least this for a rate (`…/s`), at most this for a time. */
  readonly target: number;
}

export const benchRow = (row: Omit<BenchRow, 'ratio'>): BenchRow => ({ ...row, ratio: row.value / row.limit });

export const targetMet = ({ unit, ratio, target }: BenchRow): boolean =>
  unit.endsWith('/s') ? ratio >= target : ratio <= target;

/** The value that `share` (0 to 1) of the samples do not exceed. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('no sample');
  return value;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);
