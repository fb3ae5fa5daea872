import { Day } from '@phancong/event-sourcing';
import { fold } from './text.ts';

/** `dd/mm/yyyy`. */
export const formatDay = (day: Day): string => day.split('-').reverse().join('/');

const ISO = /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?z?)?$/;
const WRITTEN = /^(?<day>\d{1,2}) ?(?<sign>[/.-]) ?(?<month>\d{1,2}) ?\k<sign> ?(?<year>\d{4})$/;
const IN_WORDS = /^(?:ngay )?(?<day>\d{1,2}) thang (?<month>\d{1,2}) nam (?<year>\d{4})$/;
const MONTH = /^(?:thang )?(?<month>\d{1,2}) ?[/.-] ?(?<year>\d{4})$/;
const YEAR = /^(?:nam )?(?<year>\d{4})$/;

/**
 * Reads a day as people write it: `3/2/1930`, `03-02-1930`, `03.02.1930`, `ngày 3 tháng 2 năm 1930`, and ISO.
 * @param partial also `02/1930` and `1930`, as the first day of that month or year
 * @returns undefined when it is none of these, or a day that never was (`31/02/2014`)
 */
export function parseDay(text: string, partial = false): Day | undefined {
  const kept = fold(text);
  for (const form of partial ? [WRITTEN, ISO, IN_WORDS, MONTH, YEAR] : [WRITTEN, ISO, IN_WORDS]) {
    const groups = form.exec(kept)?.groups;
    if (!groups) continue;
    const { year = '', month = '1', day = '1' } = groups;
    return Day.safeParse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`).data;
  }
  return undefined;
}
