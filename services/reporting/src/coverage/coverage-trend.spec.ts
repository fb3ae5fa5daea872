import { Day } from '@phancong/event-sourcing';
import { stepEnds, type TrendStep } from './coverage-trend.ts';

const ends = (from: string, to: string, step: TrendStep) =>
  stepEnds({ from: Day.parse(from), to: Day.parse(to), step });

describe('the days of a trend', () => {
  it('are the last ones of the months', () => {
    expect(ends('2012-01-15', '2012-03-31', 'month')).toEqual(['2012-01-31', '2012-02-29', '2012-03-31']);
  });
  it('are the last ones of the quarters of the calendar, wherever the range begins', () => {
    expect(ends('2012-02-01', '2012-09-30', 'quarter')).toEqual(['2012-03-31', '2012-06-30', '2012-09-30']);
  });
  it('end with the range, if that ends within a step', () => {
    expect(ends('2011-06-01', '2013-05-05', 'year')).toEqual(['2011-12-31', '2012-12-31', '2013-05-05']);
    expect(ends('2012-05-05', '2012-05-05', 'month')).toEqual(['2012-05-05']);
  });
  it('are refused when there are too many', () => {
    expect(ends('1901-01-01', '2000-12-31', 'month')).toHaveLength(1_200);
    expect(() => ends('1900-12-31', '2000-12-31', 'month')).toThrow('too-many-steps');
  });
});
