import { type Language, languageOf } from '@phancong/nest';

/** The terminal's language: English where the locale asks for it, else Vietnamese. */
export const language = (environment: NodeJS.ProcessEnv = process.env): Language =>
  languageOf((environment['LC_ALL'] ?? environment['LC_MESSAGES'] ?? environment['LANG'])?.split(/[._]/)[0]);

/** The words in the terminal's language. */
export const say = (vi: string, en: string): string => (language() === 'en' ? en : vi);
