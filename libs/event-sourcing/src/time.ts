import { z } from 'zod';

/** A calendar day, `YYYY-MM-DD`, without a zone: when something was true. Sorts as text. */
export const Day = z.iso.date({ abort: true }).brand<'Day'>();
export type Day = z.infer<typeof Day>;

/** An instant, RFC 3339 in UTC with milliseconds (`2014-12-31T16:59:59.000Z`): when something was written down. Sorts as text. */
export const Instant = z.iso.datetime({ precision: 3 }).brand<'Instant'>();
export type Instant = z.infer<typeof Instant>;

/** Tells the time. The server's own clock sets every `recordedAt`; only a test or the demo's loader brings another. */
export type Clock = () => Date;
export const systemClock: Clock = () => new Date();

export const instantOf = (date: Date): Instant => Instant.parse(date.toISOString());

/** The day that it is in `timeZone` (IANA name, e.g. `Asia/Ho_Chi_Minh`) at the instant. */
export const dayIn = (timeZone: string, at: Date): Day => {
  const second = Math.floor(at.getTime() / 1000);
  const last = lastAsked.get(timeZone);
  if (last?.second === second) return last.day;
  const calendar = last?.calendar ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  const day = Day.parse(calendar.format(at));
  lastAsked.set(timeZone, { calendar, second, day });
  return day;
};

/** By zone. Asking a calendar takes as long as reading a document, making one a hundred times as long. */
const lastAsked = new Map<
  string,
  { readonly calendar: Intl.DateTimeFormat; readonly second: number; readonly day: Day }
>();

/** The day `count` days later (earlier, if negative). */
export const addDays = (day: Day, count: number): Day => {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + count);
  return Day.parse(at.toISOString().slice(0, 10));
};
