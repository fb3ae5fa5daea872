import { TextDecoder } from 'node:util';
import { refuseFile } from './file-refusal.ts';

/** One element as it stands in the file; what is written inside is not looked at yet. */
export interface XmlElement {
  /** The text between the tag's name and its end. */
  readonly attributes: string;
  readonly inner: string;
}

/** A row of a sheet with all its columns formatted takes half of it. */
const LONGEST_ELEMENT = 2 * 1024 * 1024;

/**
 * All elements of a name, one after the other, of an XML file of any length; those of the same name are never nested.
 * @throws Refusal `file-broken` when one has no end, or one that lies too far away
 */
export async function* xmlElements(file: AsyncIterable<Buffer>, name: string): AsyncGenerator<XmlElement> {
  const opening = openingOf(name);
  let text = '';
  for await (const piece of decoded(file)) {
    text += piece;
    let at = 0;
    for (let found = next(opening, text, at); found; found = next(opening, text, at)) {
      const [tag, prefix = '', attributes = ''] = found;
      const start = found.index + tag.length;
      const closing = `</${prefix}${name}>`;
      const end = attributes.endsWith('/') ? start : text.indexOf(closing, start);
      if (end < 0) break;
      at = end === start && attributes.endsWith('/') ? start : end + closing.length;
      yield { attributes, inner: text.slice(start, end) };
    }
    // What is left may begin in the middle of a tag.
    const tag = text.lastIndexOf('<');
    text = text.slice(next(opening, text, at)?.index ?? (tag < at ? text.length : tag));
    if (text.length > LONGEST_ELEMENT) throw refuseFile('file-broken');
  }
  if (opening.test(text)) throw refuseFile('file-broken');
}

/** Finds the elements of a name within a text. */
export function within(name: string): (text: string) => Generator<XmlElement> {
  const whole = new RegExp(`<(?:\\w+:)?${name}(?:\\s([^>]*?))?(?:/>|>([^]*?)</(?:\\w+:)?${name}>)`, 'g');
  return function* (text) {
    for (const [, attributes = '', inner = ''] of text.matchAll(whole)) yield { attributes, inner };
  };
}

/** Finds an attribute of an element; `name` may be a pattern. */
export function attribute(name: string): (element: XmlElement) => string | undefined {
  const given = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`);
  return ({ attributes }) => {
    const found = given.exec(attributes);
    const value = found?.[1] ?? found?.[2];
    return value === undefined ? undefined : plainText(value);
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Characters as they are meant: entities, CDATA, and `_x000D_` as spreadsheets write what XML cannot hold. */
export function plainText(xml: string): string {
  if (!/[&<_\r]/.test(xml)) return xml;
  return xml
    .replace(/\r\n?/g, '\n')
    .split(/<!\[CDATA\[([^]*?)\]\]>/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/&(#x?[\da-f]+|\w+);/gi, entity)))
    .join('')
    .replace(/_x([\da-f]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function entity(whole: string, name: string): string {
  if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

const openingOf = (name: string): RegExp => new RegExp(`<(\\w+:)?${name}(?=[\\s/>])([^>]*)>`, 'g');

function next(opening: RegExp, text: string, from: number): RegExpExecArray | null {
  opening.lastIndex = from;
  const found = opening.exec(text);
  opening.lastIndex = 0;
  return found;
}

async function* decoded(file: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  const read = (work: () => string): string => {
    try {
      return work();
    } catch {
      throw refuseFile('file-broken');
    }
  };
  for await (const piece of file) {
    const encoding = piece[0] === 0xff ? 'utf-16le' : piece[0] === 0xfe ? 'utf-16be' : 'utf-8';
    decoder ??= new TextDecoder(encoding, { fatal: true });
    const current = decoder;
    yield read(() => current.decode(piece, { stream: true }));
  }
  const last = decoder;
  if (last) yield read(() => last.decode());
}
