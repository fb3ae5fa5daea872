import { csvSheet } from './csv-sheet.ts';
import { MAX_FILE_BYTES, MAX_ROWS, refuseFile } from './file-refusal.ts';
import { xlsxSheets } from './xlsx-sheets.ts';

/** Rows and columns from 0; a merged cell's text stands in its first row and column. */
export interface Merge {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface SheetRow {
  /** As spreadsheets count, from 1. */
  readonly row: number;
  /** The text of each cell as it stands there; a date as `YYYY-MM-DD`, an error as `#REF!`. */
  readonly cells: readonly string[];
}

export interface Sheet {
  /** Empty for a CSV. */
  readonly name: string;
  /** Those that begin in the first rows. */
  readonly merges: readonly Merge[];
  /** The rows that hold text, in their order; to be read once. */
  readonly rows: AsyncIterable<SheetRow>;
}

const ZIP = Buffer.from([0x50, 0x4b, 3, 4]);
const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
const startsWith = (bytes: Buffer, magic: Buffer): boolean => bytes.subarray(0, magic.length).equals(magic);

/**
 * The sheets of an XLSX or CSV file, told apart by their content, row by row: only a small part of the file is in memory
 * at a time. Bytes in, cells out; nothing is evaluated. That the file is sound is known when all of it has been read.
 * @throws Refusal with a `FileProblem` code when it is neither, or would take too much memory
 */
export async function* readWorkbook(bytes: Buffer): AsyncGenerator<Sheet> {
  if (bytes.length > MAX_FILE_BYTES) throw refuseFile('file-too-large');
  if (bytes.length === 0) throw refuseFile('file-empty');
  if (startsWith(bytes, OLE)) throw refuseFile('file-old-excel');
  const letters = { foreign: 0, vietnamese: 0 };
  let count = 0;

  const watched = async function* (rows: AsyncIterable<SheetRow>): AsyncGenerator<SheetRow> {
    let looked = 0;
    for await (const row of rows) {
      count += 1;
      if (count > MAX_ROWS) throw refuseFile('file-too-many-rows', { limit: MAX_ROWS });
      looked += 1;
      if (looked <= LETTERS_OF_ROWS) countLetters(row.cells.join(' '), letters);
      yield row;
    }
  };
  for await (const sheet of startsWith(bytes, ZIP) ? xlsxSheets(bytes) : [csvSheet(bytes)]) {
    yield { ...sheet, rows: watched(sheet.rows) };
  }
  if (letters.foreign > 5 && letters.foreign > 2 * letters.vietnamese) throw refuseFile('file-legacy-encoding');
}

const LETTERS_OF_ROWS = 200;

/** Latin letters and signs that Vietnamese never uses, but text in TCVN3 and VNI fonts, or read with a wrong code page, is full of. */
const FOREIGN =
  /[\u0080-\u00bf\u00c4-\u00c7\u00cb\u00ce\u00cf\u00d1\u00d6-\u00d8\u00db\u00dc\u00de-\u00df\u00e4-\u00e7\u00eb\u00ee\u00ef\u00f1\u00f6-\u00f8\u00fb\u00fc\u00fe\u00ff]/g;
const VIETNAMESE = /[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]|\p{M}/gu;

function countLetters(text: string, sum: { foreign: number; vietnamese: number }): void {
  sum.foreign += text.replace(/\u00a0/g, ' ').match(FOREIGN)?.length ?? 0;
  sum.vietnamese += text.match(VIETNAMESE)?.length ?? 0;
}
