import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { MAX_COLUMNS, MAX_ROWS, MAX_TEXT_BYTES, refuseFile } from './file-refusal.ts';
import type { Sheet } from './workbook.ts';

const DELIMITERS = [',', ';', '\t'] as const;
const SAMPLE_RECORDS = 50;
const SAMPLE_CHARACTERS = 256 * 1024;
const MAX_RECORD_CHARACTERS = 100_000;

/** The text of a CSV as one sheet; the delimiter (comma, semicolon, tab) is found out. */
export function csvSheet(bytes: Buffer): Sheet {
  if (bytes.length > MAX_TEXT_BYTES) throw refuseFile('file-too-large');
  const text = decoded(bytes);
  if (hasEndlessLine(text)) throw refuseFile('file-not-a-register');
  // Excel's own hint, as a line before the table.
  const hint = /^sep=(.)\r?\n/.exec(text)?.[1];
  const rows = records(text, hint ?? delimiterOf(text), MAX_ROWS + 1);
  if (rows.length > MAX_ROWS) throw refuseFile('file-too-many-rows', { limit: MAX_ROWS });
  return { name: '', rows, merges: [] };
}

/** The parser would gather all cells of such a line before anyone could stop it. */
function hasEndlessLine(text: string): boolean {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    if ((end < 0 ? text.length : end) - start > MAX_RECORD_CHARACTERS) return true;
    if (end < 0) return false;
    start = end + 1;
  }
  return false;
}

/** UTF-8 with or without mark, or UTF-16; anything else is either binary or a code page of the past. */
function decoded(bytes: Buffer): string {
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-8' && !isUtf8(bytes)) {
    const rubbish = binary(bytes.toString('latin1', 0, SAMPLE_CHARACTERS));
    throw refuseFile(rubbish ? 'file-not-a-register' : 'file-legacy-encoding');
  }
  const text = new TextDecoder(encoding).decode(bytes);
  if (binary(text)) throw refuseFile('file-not-a-register');
  return text;
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

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const binary = (text: string): boolean => /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text);

/** The delimiter that gives the most cells in rows of one same length. */
function delimiterOf(text: string): string {
  const sample = text.slice(0, SAMPLE_CHARACTERS);
  const scored = DELIMITERS.map((delimiter) => ({ delimiter, score: regularCells(sample, delimiter) }));
  return scored.reduce((best, next) => (next.score > best.score ? next : best)).delimiter;
}

function regularCells(sample: string, delimiter: string): number {
  const lengths = new Map<number, number>();
  let parsed: readonly string[][];
  try {
    parsed = records(sample, delimiter, SAMPLE_RECORDS);
  } catch {
    // With a delimiter that is not the file's, quotes stand in odd places: not this one.
    return 0;
  }
  for (const { length } of parsed) if (length > 1) lengths.set(length, (lengths.get(length) ?? 0) + length);
  return Math.max(0, ...lengths.values());
}

function records(text: string, delimiter: string, to: number): string[][] {
  try {
    return parse(text, {
      bom: true,
      delimiter,
      to,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: MAX_RECORD_CHARACTERS,
      on_record: (record: string[]) => record.slice(0, MAX_COLUMNS),
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw refuseFile('file-not-a-register');
  }
}
