import { addDays, Day } from '@phancong/event-sourcing';
import fc from 'fast-check';
import { formatDay, parseDay } from './index.ts';

const seed = process.env['FC_SEED'] === undefined ? {} : { seed: Number(process.env['FC_SEED']) };
const day = fc.integer({ min: 0, max: 200_000 }).map((count) => addDays(Day.parse('1800-01-01'), count));

describe('Days', () => {
  it('print as dd/mm/yyyy', () => expect(formatDay(Day.parse('1930-02-03'))).toBe('03/02/1930'));

  it.each([
    '03/02/1930',
    '3/2/1930',
    '03-02-1930',
    '3.2.1930',
    '3 / 2 / 1930',
    '1930-02-03',
    '1930-02-03T00:00:00.000Z',
  ])('are read from %p', (written) => expect(parseDay(written)).toBe('1930-02-03'));

  it.each(['ngày 3 tháng 2 năm 1930', 'Ngày 03 tháng 02 năm 1930'.normalize('NFD'), '\u00a03/2/1930 '])(
    'are read from %p',
    (written) => expect(parseDay(written)).toBe('1930-02-03'),
  );

  it.each(['31/02/2014', '29/02/2013', '00/01/2014', '32/01/2014', '1/13/2014', '2014-02-30'])(
    'that never were are refused: %p',
    (written) => expect(parseDay(written)).toBeUndefined(),
  );

  it.each(['', 'không rõ', '3/2/30', '3/2-1930', '3/2/1930 14:00', '19300203', '12345'])(
    'are not read from %p',
    (written) => expect(parseDay(written, true)).toBeUndefined(),
  );

  it('of which only the month or year is known are read only where that is allowed', () => {
    expect(parseDay('1930')).toBeUndefined();
    expect(parseDay('02/1930')).toBeUndefined();
    expect(parseDay('1930', true)).toBe('1930-01-01');
    expect(parseDay('2/1930', true)).toBe('1930-02-01');
    expect(parseDay('13/1930', true)).toBeUndefined();
  });

  it('read back as they were printed', () => {
    fc.assert(
      fc.property(day, (any) => {
        expect(parseDay(formatDay(any))).toBe(any);
        expect(parseDay(any)).toBe(any);
      }),
      seed,
    );
  });
});
