import { TextDecoder } from 'node:util';
import { refuseFile } from './file-refusal.ts';

/** One element as it stands in the file; what is written inside is not looked at yet. */
export interface XmlElement {
  /** The text between the tag's name and its end. */
  readonly attributes: string;
  readonly inner: string;
}

/** A row of a sheet with all its columns formatted takes 1 MB, the formats of a workbook with as many as there can be 12. */
const LONGEST_ELEMENT = 16 * 1024 * 1024;

interface FoundElement {
  readonly element: XmlElement;
  /** Index of what follows. */
  readonly to: number;
}

/** Its end lies beyond the text. */
interface OpenElement {
  readonly element?: undefined;
  readonly from: number;
}

/**
 * Finds elements of a name; those of the same name are never nested. It never goes back over what it has seen, however
 * damaged the text is.
 */
function finder(name: string): (text: string, from: number) => FoundElement | OpenElement | undefined {
  const opening = new RegExp(`<(\\w+:)?${name}(?=[\\s/>])([^<>]*)>`, 'g');
  return (text, from) => {
    opening.lastIndex = from;
    const found = opening.exec(text);
    if (!found) return undefined;
    const [tag, prefix = '', attributes = ''] = found;
    const start = found.index + tag.length;
    if (attributes.endsWith('/')) return { element: { attributes, inner: '' }, to: start };
    const closing = `</${prefix}${name}>`;
    const end = text.indexOf(closing, start);
    if (end < 0) return { from: found.index };
    return { element: { attributes, inner: text.slice(start, end) }, to: end + closing.length };
  };
}

/**
 * All elements of a name, one after the other, of an XML file of any length.
 * @throws Refusal `file-broken` when one has no end, or one that lies too far away
 */
export async function* xmlElements(file: AsyncIterable<Buffer>, name: string): AsyncGenerator<XmlElement> {
  const find = finder(name);
  let text = '';
  let unfinished = false;
  for await (const piece of decoded(file)) {
    text += piece;
    let at = 0;
    let found = find(text, at);
    for (; found?.element; found = find(text, at)) {
      at = found.to;
      yield found.element;
    }
    unfinished = found !== undefined;
    // What is left may begin in the middle of a tag.
    const tag = text.lastIndexOf('<');
    text = text.slice(found?.from ?? (tag < at ? text.length : tag));
    if (text.length > LONGEST_ELEMENT) throw refuseFile('file-broken');
  }
  if (unfinished) throw refuseFile('file-broken');
}

/** Finds the elements of a name within a text. */
export function within(name: string): (text: string) => Generator<XmlElement> {
  const find = finder(name);
  return function* (text) {
    for (let found = find(text, 0); found; found = find(text, found.to)) {
      if (!found.element) throw refuseFile('file-broken');
      yield found.element;
    }
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
  const [first = '', ...parts] = xml.replace(/\r\n?/g, '\n').split('<![CDATA[');
  const texts = parts.map((part) => {
    const end = part.indexOf(']]>');
    return end < 0 ? part : part.slice(0, end) + unescaped(part.slice(end + 3));
  });
  return [unescaped(first), ...texts]
    .join('')
    .replace(/_x([\da-f]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

const unescaped = (xml: string): string => xml.replace(/&(#x?[\da-f]+|\w+);/gi, entity);

function entity(whole: string, name: string): string {
  if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
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
