/** Zero-width and direction marks, soft hyphen, byte-order mark: invisible, and left behind by word processors. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;
const MARKS = /\p{M}+/gu;
const SPACES = /\s+/g;

/** Text as it is kept: NFC, no invisible characters, every run of odd or line-breaking spaces one space, trimmed. */
export const normalise = (text: string): string =>
  text.replace(INVISIBLE, '').normalize('NFC').replace(SPACES, ' ').trim();

/**
 * Text as it is searched and matched: without accents and case, `đ` as `d`, so that `dang van` finds `Đặng Văn`.
 * Folding twice changes nothing.
 */
export const fold = (text: string): string =>
  normalise(text)
    .toLowerCase()
    .normalize('NFD')
    .replace(MARKS, '')
    // Eth stands for đ in files that went through a western code page.
    .replace(/[đð]/g, 'd')
    .replace(SPACES, ' ')
    .trim();
