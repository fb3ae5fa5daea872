/** As in `Accept-Language`. */
export type Language = 'vi' | 'en';

/** The terminal's language: English where the locale asks for it, else Vietnamese. */
export const language = (environment: NodeJS.ProcessEnv = process.env): Language =>
  /^en/i.test(environment['LC_ALL'] ?? environment['LC_MESSAGES'] ?? environment['LANG'] ?? '') ? 'en' : 'vi';

/** The words in the terminal's language. */
export const say = (vi: string, en: string): string => (language() === 'en' ? en : vi);
