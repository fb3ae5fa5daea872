/** As in `Accept-Language`. */
export type Language = 'vi' | 'en';

/** The terminal's language: English where the locale asks for it, else Vietnamese. */
export const language = (environment: NodeJS.ProcessEnv = process.env): Language =>
  /^en/i.test(environment['LC_ALL'] ?? environment['LC_MESSAGES'] ?? environment['LANG'] ?? '') ? 'en' : 'vi';

/** A day (YYYY-MM-DD) as it is written in the terminal's language. */
export const sayDay = (day: string): string => say(day.split('-').reverse().join('/'), day);

/** An instant to the minute, in the terminal's language and its time zone unless told. */
export function sayInstant(instant: string, timeZone?: string): string {
  const [day = '', time = ''] = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone })
    .format(new Date(instant))
    .split(' ');
  return `${sayDay(day)} ${time}`;
}

/** The words in the terminal's language. */
export const say = (vi: string, en: string): string => (language() === 'en' ? en : vi);
