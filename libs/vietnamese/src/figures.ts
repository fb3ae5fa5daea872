const formatter = (maximumFractionDigits: number): Intl.NumberFormat =>
  new Intl.NumberFormat('vi-VN', { maximumFractionDigits, signDisplay: 'negative' });

const formatters = new Map<number, Intl.NumberFormat>();

/** `1.234.567,89`: dots between thousands, a decimal comma; at most `decimals` (default 2), none that are zero at the end. */
export function formatNumber(value: number, decimals = 2): string {
  const known = formatters.get(decimals) ?? formatter(decimals);
  formatters.set(decimals, known);
  return known.format(value);
}

const UNITS = [
  // What would round to 1.000 triệu is 1 tỉ.
  { name: 'tỉ đồng', size: 1_000_000_000, from: 999_995_000 },
  { name: 'triệu đồng', size: 1_000_000, from: 1_000_000 },
] as const;

/**
 * Whole đồng as an officer writes them: `4.702 tỉ đồng`, `494,89 tỉ đồng`, `12,5 triệu đồng`, `950.000 đồng`.
 * Exact below a million, above it rounded to two decimals of the unit; from 1.000 tỉ on still tỉ, never "nghìn tỉ".
 */
export function formatMoney(dong: number): string {
  const unit = UNITS.find(({ from }) => Math.abs(dong) >= from);
  if (unit) return `${formatNumber(dong / unit.size)} ${unit.name}`;
  return `${formatNumber(dong, 0)} đồng`;
}

/** A fraction from 0 to 1 as `83 %`, with at most `decimals` (default 0). */
export const formatPercent = (fraction: number, decimals = 0): string => `${formatNumber(fraction * 100, decimals)} %`;
