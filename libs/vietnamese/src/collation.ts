import { normalise } from './text.ts';

/** Spaces and signs, figures, then the letters of the Vietnamese alphabet with the four that only foreign names have (CLDR, `vi`). */
const ORDER = ' _-,;:!?.\'"()[]{}@*/\\&#%`^+<=>|~$0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz';
/** Ngang, huyền, hỏi, ngã, sắc, nặng. */
const TONES = '\u0300\u0309\u0303\u0301\u0323';
/** Marks that make another letter, not another tone. */
const LETTER_MARKS = /[\u0302\u0306\u031b]/;
const CLUSTER = /\P{M}\p{M}*/gu;

/** Lower than every weight, so that a shorter text comes first. Weights are printable ASCII: any store sorts them alike. */
const END = '!';
const FIRST_WEIGHT = 0x23;

const LETTERS: ReadonlyMap<string, string> = new Map(
  [...ORDER].map((letter, index) => [letter, String.fromCharCode(FIRST_WEIGHT + index)]),
);

/** Weight of the letter, and of its tone, of one letter with all its marks. */
function weights(cluster: string): readonly [string, string] {
  const [base = '', ...marks] = cluster;
  const letter = (base + marks.filter((mark) => LETTER_MARKS.test(mark)).join('')).normalize('NFC');
  const known = LETTERS.get(letter);
  const tone = marks.findLast((mark) => known === undefined || !LETTER_MARKS.test(mark));
  const rank = tone === undefined ? 0 : TONES.includes(tone) ? TONES.indexOf(tone) + 1 : TONES.length + 1;
  return [known ?? LETTERS.get(base) ?? base, String(rank)];
}

/** Letters decide first, tones only between texts of the same letters; case never. */
function textKey(text: string): string {
  let letters = '';
  let tones = '';
  for (const cluster of text.toLowerCase().replace(/ð/g, 'đ').normalize('NFD').match(CLUSTER) ?? []) {
    const [letter, tone] = weights(cluster);
    letters += letter;
    tones += tone;
  }
  return letters + END + tones.replace(/0+$/, '') + END;
}

/**
 * A key under which people's names sort as Vietnamese lists do when compared by code unit: by given name (the last
 * word), then by the rest, both in Vietnamese collation, case aside. Databases have no such collation: store the key.
 */
export function sortKey(name: string): string {
  const kept = normalise(name);
  const given = kept.lastIndexOf(' ') + 1;
  return textKey(kept.slice(given)) + textKey(kept.slice(0, given).trimEnd());
}

/** Compares two people's names as `sortKey` sorts them, for `Array.sort`. */
export function compareNames(one: string, other: string): number {
  const [left, right] = [sortKey(one), sortKey(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}
