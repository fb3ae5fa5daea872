import { addDays, Day } from '@phancong/event-sourcing';
import { parseDay } from '@phancong/vietnamese';

const LAST_SERIAL = 2_958_465;
/** Excel counts a 29 February 1900 that never was. */
const LEAP_BUG = 60;

/** The day of an Excel date (1900 system; the time of the day is dropped). */
export function excelDay(serial: number): Day | undefined {
  const whole = Math.floor(serial);
  if (whole < 1 || whole > LAST_SERIAL || whole === LEAP_BUG) return undefined;
  return addDays(Day.parse(whole < LEAP_BUG ? '1899-12-31' : '1899-12-30'), whole);
}

/** A date that lost its format is a count of days: five figures, from 1927 on, so that a year is none. */
const SERIAL = /^\d{5}(\.\d+)?$/;

/** The day in a cell that holds nothing else. @param partial also `1975` and `05/1975` */
export function cellDay(text: string, partial = false): Day | undefined {
  const kept = text.trim();
  return SERIAL.test(kept) ? excelDay(Number(kept)) : parseDay(kept, partial);
}

const WITHIN = /\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?\d{4}|\d{4}-\d{1,2}-\d{1,2}|ngày \d{1,2} tháng \d{1,2} năm \d{4}/iu;

/** The first day in a cell with other words (`15/3/2010, từ Đảng bộ Quận 1`), and those words. */
export function dayWithin(text: string): { readonly day: Day | undefined; readonly words: string } {
  const whole = cellDay(text);
  if (whole !== undefined) return { day: whole, words: '' };
  const found = WITHIN.exec(text)?.[0];
  return {
    day: found === undefined ? undefined : parseDay(found),
    words: found === undefined ? text : text.replace(found, ' '),
  };
}
