import { z } from 'zod';

/** A calendar day, `YYYY-MM-DD`, without a zone: when something was true. Sorts as text. */
export const Day = z.iso.date().brand<'Day'>();
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
  const calendar = calendars.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  calendars.set(timeZone, calendar);
  return Day.parse(calendar.format(at));
};

/** Making one takes a hundred times as long as asking it. */
const calendars = new Map<string, Intl.DateTimeFormat>();

/** The day `count` days later (earlier, if negative). */
export const addDays = (day: Day, count: number): Day => {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + count);
  return Day.parse(at.toISOString().slice(0, 10));
};
