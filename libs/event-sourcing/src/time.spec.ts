import { z } from 'zod';
import { addDays, Day, dayIn, Instant, instantOf } from './time.ts';

describe('a day', () => {
  it.each(['2014-05-01', '2012-02-29', '0001-01-01', '2000-12-31'])('is %s', (text) => {
    expect(Day.parse(text)).toBe(text);
  });

  it.each(['2014-02-29', '2014-13-01', '2014-00-10', '2014-04-31', '2014-5-1', '01/05/2014', '2014-05-01T00:00', ''])(
    'is not %p',
    (text) => {
      expect(Day.safeParse(text).success).toBe(false);
    },
  );

  it('is told to be none only once, whatever else is asked of it and of what it stands in', () => {
    const never = (): boolean => false;
    const asked = z.object({ from: Day.refine(never), until: Day.optional() }).refine(never);
    expect(asked.safeParse({ from: '31/12/2014' }).error?.issues).toMatchObject([
      { path: ['from'], code: 'invalid_format' },
    ]);
  });

  it.each([
    ['2014-12-31', 1, '2015-01-01'],
    ['2012-02-28', 1, '2012-02-29'],
    ['2014-03-01', -1, '2014-02-28'],
    ['2014-05-01', 0, '2014-05-01'],
    ['2004-01-01', 3653, '2014-01-01'],
  ])('%s and %i more is %s', (day, count, expected) => {
    expect(addDays(Day.parse(day), count)).toBe(expected);
  });

  it('depends on where one is', () => {
    const at = new Date('2014-12-31T17:00:00.000Z');
    expect(dayIn('Asia/Ho_Chi_Minh', at)).toBe('2015-01-01');
    expect(dayIn('UTC', at)).toBe('2014-12-31');
    expect(dayIn('Asia/Ho_Chi_Minh', new Date('2014-12-31T16:59:59.999Z'))).toBe('2014-12-31');
  });
});

describe('an instant', () => {
  it('has milliseconds and is in UTC', () => {
    expect(instantOf(new Date(Date.UTC(2014, 4, 1, 2, 3, 4, 5)))).toBe('2014-05-01T02:03:04.005Z');
  });

  it.each(['2014-05-01T02:03:04Z', '2014-05-01T02:03:04.005+07:00', '2014-05-01', '2014-02-30T00:00:00.000Z'])(
    'is not written %s',
    (text) => {
      expect(Instant.safeParse(text).success).toBe(false);
    },
  );

  it('sorts as text', () => {
    const texts = [1e12, 1, 9e11, 1.4e12].map((ms) => instantOf(new Date(ms)));
    expect(texts.toSorted().map((text) => Date.parse(text))).toEqual([1, 9e11, 1e12, 1.4e12]);
  });
});
