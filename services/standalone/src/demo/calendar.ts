import { Day, Instant } from '@phancong/event-sourcing';

/** A month of the demo's history, by when things are written down. */
export interface Month {
  /** 0 is January 2004. */
  readonly index: number;
  readonly year: number;
  /** 1 to 12. */
  readonly ofYear: number;
  /** A day of this month, 1 to 28. */
  on(day: number): Day;
  /** An hour (0 to 23, Vietnamese time) of a day of this month. */
  at(day: number, hour: number): Instant;
}

const FIRST_YEAR = 2004;
export const MONTHS = 132;
export const FIRST_DAY = Day.parse('2004-01-01');
/** Nothing of the demo is written down earlier. */
export const FIRST_INSTANT = Instant.parse('2004-01-01T00:00:00.000Z');

const two = (count: number): string => String(count).padStart(2, '0');

export function monthAt(index: number): Month {
  const year = FIRST_YEAR + Math.floor(index / 12);
  const ofYear = 1 + (index % 12);
  const text = `${year}-${two(ofYear)}`;
  const days = Array.from({ length: 28 }, (_, day) => Day.parse(`${text}-${two(day + 1)}`));
  return {
    index,
    year,
    ofYear,
    on(day) {
      const found = days[day - 1];
      if (found === undefined) throw new RangeError(`no month of the demo goes to its day ${day}`);
      return found;
    },
    at: (day, hour) => Instant.parse(new Date(`${text}-${two(day)}T${two(hour)}:00:00+07:00`).toISOString()),
  };
}

export const laterDay = (one: Day, other: Day): Day => (one > other ? one : other);
