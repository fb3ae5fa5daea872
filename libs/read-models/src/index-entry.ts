import { Refusal } from '@phancong/event-sourcing';
import type { IndexedValue, Query } from './read-models.ts';

/** Where a document stands in an index: ordered by key, then by id. */
export interface Entry {
  readonly key: Buffer;
  readonly id: string;
}

/** The entries strictly between two. */
export interface Range {
  readonly above: Entry;
  readonly below: Entry;
  readonly descending: boolean;
  readonly limit: number | undefined;
}

const NULL = Buffer.of(1);
/** Greater than the first byte of any value: ends the range of all keys that begin alike. */
const LAST = Buffer.of(0xff);

function numberBytes(value: number): Buffer {
  if (Number.isNaN(value)) throw new RangeError('an index cannot hold NaN');
  const bytes = Buffer.allocUnsafe(9);
  bytes[0] = 2;
  // IEEE 754 doubles sort as their bytes do once the sign is flipped, and everything else too below zero.
  bytes.writeDoubleBE(value === 0 ? 0 : value, 1);
  const negative = value < 0;
  for (let at = 1; at < 9; at += 1) {
    const byte = bytes.readUInt8(at);
    if (negative) bytes.writeUInt8(byte ^ 0xff, at);
    else if (at === 1) bytes.writeUInt8(byte ^ 0x80, at);
  }
  return bytes;
}

// A zero byte ends a text, so one inside it is marked (as in FoundationDB's tuple layer): "a" < "a\0" < "b".
function textBytes(value: string): Buffer {
  const bytes = Buffer.from(`\u0003${value}\0`);
  return value.includes('\0')
    ? Buffer.from([...bytes].flatMap((byte, at) => (byte === 0 && at < bytes.length - 1 ? [0, 0xff] : [byte])))
    : bytes;
}

const bytesOf = (value: IndexedValue): Buffer =>
  value === null ? NULL : typeof value === 'number' ? numberBytes(value) : textBytes(value);

/** Bytes that sort as the values do: null, then numbers, then texts by code point. */
export const keyOf = (values: readonly IndexedValue[]): Buffer => Buffer.concat(values.map(bytesOf));

export const compareEntries = (a: Entry, b: Entry): number =>
  Buffer.compare(a.key, b.key) || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));

export const contains = ({ above, below }: Range, entry: Entry): boolean =>
  compareEntries(above, entry) < 0 && compareEntries(entry, below) < 0;

export const cursorAt = ({ key, id }: Entry): string =>
  `${key.toString('base64url')}.${Buffer.from(id).toString('base64url')}`;

function entryAt(cursor: string): Entry {
  const [key, id, ...rest] = cursor.split('.');
  const wellFormed = key !== undefined && id && rest.length === 0 && /^[\w.-]*$/.test(cursor);
  if (!wellFormed) throw new Refusal('invalid', 'invalid-cursor');
  return { key: Buffer.from(key, 'base64url'), id: Buffer.from(id, 'base64url').toString() };
}

/**
 * The range that a query asks for; a cursor only narrows it.
 * @throws Refusal `invalid-cursor`
 */
export function rangeOf({ equals = [], from, through, descending = false, limit, cursor }: Query): Range {
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) throw new RangeError(`limit ${limit}`);
  const prefix = keyOf(equals);
  const first = from === undefined ? prefix : Buffer.concat([prefix, bytesOf(from)]);
  const last = through === undefined ? prefix : Buffer.concat([prefix, bytesOf(through)]);
  const above = { key: first, id: '' };
  const below = { key: Buffer.concat([last, LAST]), id: '' };
  if (cursor === undefined) return { above, below, descending, limit };
  const at = entryAt(cursor);
  return descending
    ? { above, below: compareEntries(at, below) < 0 ? at : below, descending, limit }
    : { above: compareEntries(at, above) > 0 ? at : above, below, descending, limit };
}
