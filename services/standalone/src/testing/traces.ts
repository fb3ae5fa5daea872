import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fold, sortKey } from '@phancong/vietnamese';

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** How a text may stand in a file: composed or not, with or without accents, in any case, as it sorts, escaped, encoded. */
const writings = (text: string): readonly Buffer[] => {
  const cases = unique([text, text.toLowerCase(), text.toUpperCase(), fold(text)]);
  const forms = unique(
    cases.flatMap((each) => [each.normalize('NFC'), each.normalize('NFD'), encodeURIComponent(each)]),
  );
  const escaped = JSON.stringify(text).replaceAll(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const sorted = sortKey(text).split('!', 1);
  return [
    ...unique([...forms, ...sorted, escaped.slice(1, -1)]).map((form) => Buffer.from(form)),
    ...forms.map((form) => Buffer.from(form, 'utf16le')),
    ...[0, 1, 2].map((shift) => Buffer.from(base64Within(text, shift))),
  ];
};

/** The characters that only the text decides when it stands in something base64, `shift` bytes after a group of three. */
function base64Within(text: string, shift: number): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
  return bytes
    .subarray(0, bytes.length - (bytes.length % 3))
    .toString('base64url')
    .slice(shift === 0 ? 0 : 4);
}

export interface Trace {
  /** Path within the folder. */
  readonly file: string;
  readonly text: string;
}

/** Which of the texts stand, in whatever writing, in which files of the folder; every byte is looked at. */
export function tracesIn(folder: string, texts: readonly string[]): readonly Trace[] {
  const sought = texts.map((text) => ({ text, writings: writings(text) }));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .flatMap((file) => {
      const bytes = readFileSync(join(folder, file));
      return sought
        .filter((each) => each.writings.some((writing) => bytes.includes(writing)))
        .map(({ text }) => ({ file, text }));
    });
}
