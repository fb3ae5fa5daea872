import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import { z } from 'zod';
import { MAX_COLUMNS, MAX_ROWS, refuseFile } from './file-refusal.ts';
import type { Sheet, SheetRow } from './workbook.ts';

const DELIMITERS = [',', ';', '\t'] as const;
const SAMPLE_RECORDS = 50;
const SAMPLE_BYTES = 256 * 1024;
const PIECE_BYTES = 64 * 1024;
const MAX_RECORD_BYTES = 100_000;

const FORMAT = {
  bom: true,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: false,
  max_record_size: MAX_RECORD_BYTES,
} as const;
const Record = z.array(z.string());

/** A CSV as one sheet; the delimiter (comma, semicolon, tab) is found out. */
export function csvSheet(bytes: Buffer): Sheet {
  const text = inUtf8(bytes);
  if (isBinary(text) || hasEndlessLine(text)) throw refuseFile('file-not-a-register');
  const sample = text.toString('utf8', 0, SAMPLE_BYTES);
  // Excel's own hint, as a line before the table.
  const hint = /^\ufeff?sep=(.)\r?\n/.exec(sample)?.[1];
  return { name: '', merges: [], rows: rowsOf(text, hint ?? delimiterOf(sample)) };
}

async function* rowsOf(text: Buffer, delimiter: string): AsyncGenerator<SheetRow> {
  const pieces = function* (): Iterable<Buffer> {
    for (let at = 0; at < text.length; at += PIECE_BYTES) yield text.subarray(at, at + PIECE_BYTES);
  };
  const records = Readable.from(pieces()).pipe(parse({ ...FORMAT, delimiter, to: MAX_ROWS + 1 }));
  let row = 0;
  try {
    for await (const record of records) {
      const cells = Record.parse(record);
      row += 1;
      if (row > MAX_ROWS) throw refuseFile('file-too-many-rows', { limit: MAX_ROWS });
      if (cells.some((cell) => cell !== '')) yield { row, cells: cells.slice(0, MAX_COLUMNS) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw refuseFile(error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'file-broken' : 'file-not-a-register');
  }
}

/** The parser would gather all cells of such a line before anyone could stop it. */
function hasEndlessLine(text: Buffer): boolean {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    if ((end < 0 ? text.length : end) - start > MAX_RECORD_BYTES) return true;
    if (end < 0) return false;
    start = end + 1;
  }
  return false;
}

/** From UTF-8 with or without mark, or UTF-16; anything else is either binary or a code page of the past. */
function inUtf8(bytes: Buffer): Buffer {
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8') {
    if (isUtf8(bytes)) return bytes;
    throw refuseFile(isBinary(bytes.subarray(0, SAMPLE_BYTES)) ? 'file-not-a-register' : 'file-legacy-encoding');
  }
  const decoder = new TextDecoder(encoding);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    pieces.push(Buffer.from(decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true })));
  }
  pieces.push(Buffer.from(decoder.decode()));
  return Buffer.concat(pieces);
}

function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Without a mark: the signs between the cells have their zero byte on one side.
  const zeros = [0, 0];
  const sample = bytes.subarray(0, 4_096);
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > sample.length / 8 && even < odd / 8) return 'utf-16le';
  if (even > sample.length / 8 && odd < even / 8) return 'utf-16be';
  return 'utf-8';
}

/** Bytes that stand in no text: control characters other than tabs, line ends, form feeds and escapes. */
const CONTROL = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte <= 8 || (byte >= 14 && byte <= 31 && byte !== 27) ? 1 : 0,
);

const isBinary = (text: Buffer): boolean => text.some((byte) => CONTROL[byte] === 1);

/** The delimiter that gives the most cells in rows of one same length. */
function delimiterOf(sample: string): string {
  const scored = DELIMITERS.map((delimiter) => ({ delimiter, score: regularCells(sample, delimiter) }));
  return scored.reduce((best, next) => (next.score > best.score ? next : best)).delimiter;
}

function regularCells(sample: string, delimiter: string): number {
  const lengths = new Map<number, number>();
  try {
    for (const { length } of parseSync(sample, { ...FORMAT, delimiter, to: SAMPLE_RECORDS })) {
      if (length > 1) lengths.set(length, (lengths.get(length) ?? 0) + length);
    }
  } catch {
    // With a delimiter that is not the file's, quotes stand in odd places: not this one.
    return 0;
  }
  return Math.max(0, ...lengths.values());
}
