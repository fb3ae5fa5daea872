import fc from 'fast-check';
import { formatMoney, formatNumber, formatPercent } from './index.ts';

const seed = process.env['FC_SEED'] === undefined ? {} : { seed: Number(process.env['FC_SEED']) };

describe('Numbers', () => {
  it.each([
    [1_234_567.89, '1.234.567,89'],
    [5_115, '5.115'],
    [0.5, '0,5'],
    [-0, '0'],
    [-0.001, '0'],
    [-1_500, '-1.500'],
  ])('%p prints as %p', (value, printed) => expect(formatNumber(value)).toBe(printed));

  it('read back as they were', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (whole) => {
        expect(Number(formatNumber(whole).replaceAll('.', ''))).toBe(whole);
      }),
      seed,
    );
  });
});

describe('Money', () => {
  it.each([
    [4_702_000_000_000, '4.702 tỉ đồng'],
    [494_890_000_000, '494,89 tỉ đồng'],
    [12_500_000, '12,5 triệu đồng'],
    [950_000, '950.000 đồng'],
    [0, '0 đồng'],
    [999_999, '999.999 đồng'],
    [999_994_999, '999,99 triệu đồng'],
    [1_234_567_891, '1,23 tỉ đồng'],
    [999_999_999, '1 tỉ đồng'],
    [-2_000_000, '-2 triệu đồng'],
    [9_000_000_000_000_000, '9.000.000 tỉ đồng'],
  ])('%p prints as %p', (dong, printed) => expect(formatMoney(dong)).toBe(printed));
});

describe('Shares', () => {
  it('print as an officer writes them', () => {
    expect(formatPercent(0.8299)).toBe('83 %');
    expect(formatPercent(0.8299, 1)).toBe('83 %');
    expect(formatPercent(0.8314, 1)).toBe('83,1 %');
    expect(formatPercent(0)).toBe('0 %');
    expect(formatPercent(1)).toBe('100 %');
  });
});
