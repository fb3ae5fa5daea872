import { type CellObject, read, type WorkBook, type WorkSheet, SSF } from '@e965/xlsx';
import { excelDay } from './cell-day.ts';
import { csvSheet } from './csv-sheet.ts';
import { MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS, refuseFile } from './file-refusal.ts';
import { checkedZip } from './zip-limits.ts';

/** Rows and columns from 0; a merged cell's text stands in its first row and column. */
export interface Merge {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface Sheet {
  /** Empty for a CSV. */
  readonly name: string;
  /** The text of each cell as it stands there; a date as `YYYY-MM-DD`, an error as `#REF!`. Formulas give the value kept with them. */
  readonly rows: readonly (readonly string[])[];
  readonly merges: readonly Merge[];
}

const ZIP = Buffer.from([0x50, 0x4b, 3, 4]);
const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
const startsWith = (bytes: Buffer, magic: Buffer): boolean => bytes.subarray(0, magic.length).equals(magic);

/**
 * The sheets of an XLSX or CSV file, told apart by their content. Pure: bytes in, cells out; nothing is evaluated.
 * @throws Refusal with a `FileProblem` code when it is neither, or would take too much memory
 */
export function readWorkbook(bytes: Buffer): readonly Sheet[] {
  if (bytes.length > MAX_FILE_BYTES) throw refuseFile('file-too-large');
  if (bytes.length === 0) throw refuseFile('file-empty');
  if (startsWith(bytes, OLE)) throw refuseFile('file-old-excel');
  const sheets = startsWith(bytes, ZIP) ? xlsxSheets(bytes) : [csvSheet(bytes)];
  if (inLegacyFont(sheets)) throw refuseFile('file-legacy-encoding');
  return sheets;
}

function xlsxSheets(bytes: Buffer): Sheet[] {
  if (!checkedZip(bytes).includes('xl/workbook.xml')) throw refuseFile('file-not-a-register');
  const book = workbook(bytes);
  const shift = book.Workbook?.WBProps?.date1904 === true ? DAYS_FROM_1900_TO_1904 : 0;
  const sheets = book.SheetNames.map((name) => sheet(name, book.Sheets[name] ?? {}, shift));
  if (sheets.reduce((sum, { rows }) => sum + rows.length, 0) > MAX_ROWS) {
    throw refuseFile('file-too-many-rows', { limit: MAX_ROWS });
  }
  return sheets;
}

const DAYS_FROM_1900_TO_1904 = 1_462;

function workbook(bytes: Buffer): WorkBook {
  try {
    return read(bytes, {
      type: 'buffer',
      dense: true,
      cellFormula: false,
      cellHTML: false,
      cellText: false,
      cellNF: true,
      sheetRows: MAX_ROWS + 1,
    });
  } catch (error) {
    if (error instanceof RangeError) throw refuseFile('file-too-large');
    throw refuseFile('file-broken');
  }
}

function sheet(name: string, { '!data': data = [], '!merges': merges = [] }: WorkSheet, shift: number): Sheet {
  const rows = Array.from(data, (row) =>
    Array.from((row ?? []).slice(0, MAX_COLUMNS), (cell) => cellText(cell, shift)),
  );
  // Formats may reach far below the last text.
  const last = rows.findLastIndex((row) => row.some((text) => text !== ''));
  return {
    name,
    rows: rows.slice(0, last + 1),
    merges: merges.map(({ s, e }) => ({ top: s.r, left: s.c, bottom: e.r, right: e.c })),
  };
}

function cellText(cell: CellObject | undefined, shift: number): string {
  if (!cell) return '';
  const { t: type, v: value, z: format } = cell;
  if (type === 'e') return typeof value === 'number' ? (ERRORS[value] ?? '#N/A') : '#N/A';
  if (typeof value === 'number' && typeof format === 'string') {
    if (SSF.is_date(format)) return excelDay(value + shift) ?? String(value);
    // Card numbers kept as numbers: their format holds the leading zeros.
    if (/^0+$/.test(format)) return String(value).padStart(format.length, '0');
  }
  return value === undefined || value === null ? '' : String(value);
}

const ERRORS: Readonly<Record<number, string>> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
};

/** Latin letters and signs that Vietnamese never uses, but text in TCVN3 and VNI fonts, or read with a wrong code page, is full of. */
const FOREIGN =
  /[\u0080-\u00bf\u00c4-\u00c7\u00cb\u00ce\u00cf\u00d1\u00d6-\u00d8\u00db\u00dc\u00de-\u00df\u00e4-\u00e7\u00eb\u00ee\u00ef\u00f1\u00f6-\u00f8\u00fb\u00fc\u00fe\u00ff]/g;
const VIETNAMESE = /[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]|\p{M}/gu;

function inLegacyFont(sheets: readonly Sheet[]): boolean {
  const text = sheets
    .flatMap(({ rows }) => rows.slice(0, 200))
    .flat()
    .join(' ')
    .replace(/\u00a0/g, ' ');
  const count = (characters: RegExp): number => text.match(characters)?.length ?? 0;
  const foreign = count(FOREIGN);
  return foreign > 5 && foreign > 2 * count(VIETNAMESE);
}
