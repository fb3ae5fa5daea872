import { fold, normalise } from '@phancong/vietnamese';
import { refuseFile } from './file-refusal.ts';
import { isColumnNumber, isFooter, isTotal, said } from './register-cells.ts';
import { type Field, labelOf } from './register-columns.ts';
import { columnName, type DroppedColumn, findHeader, type Header } from './register-header.ts';
import { type ReadRow, readRow } from './register-row.ts';
import type { Sheet } from './workbook.ts';

export interface RegisterRow extends ReadRow {
  readonly sheet: string;
  /** As spreadsheets count, from 1. */
  readonly row: number;
  /** Names of the columns (`A`, `AA`) by field; shared by all rows of a sheet. */
  readonly columns: Readonly<Partial<Record<Field, string>>>;
  /** Where the file says that the member belongs: the column's text, else a line between the rows, the titles, the sheet's name. */
  readonly places: readonly string[];
}

export interface Register {
  readonly rows: readonly RegisterRow[];
  readonly dropped: readonly DroppedColumn[];
  /** Names of sheets with text but without a register. */
  readonly skipped: readonly string[];
}

/** @throws Refusal `file-without-register` when no sheet has a header that names at least the member and a date or card number */
export function readRegister(sheets: readonly Sheet[]): Register {
  const found = sheets.map((sheet) => ({ sheet, header: findHeader(sheet) }));
  if (found.every(({ header }) => header === undefined)) throw refuseFile('file-without-register');
  return {
    rows: found.flatMap(({ sheet, header }) => (header ? [...sheetRows(sheet, header)] : [])),
    dropped: found.flatMap(({ header }) => header?.dropped ?? []),
    skipped: found.filter(({ sheet, header }) => !header && sheet.rows.length > 0).map(({ sheet }) => sheet.name),
  };
}

function* sheetRows(sheet: Sheet, { top, body, columns }: Header): Iterable<RegisterRow> {
  const names: Partial<Record<Field, string>> = {};
  for (const [field, [first = 0]] of columns) names[field] = columnName(first);
  const named = [...sheet.rows.slice(0, top).flatMap((row) => row.filter(isPlace)), sheet.name].filter(
    (text) => text !== '',
  );
  let section: readonly string[] = [];
  let ended = false;
  for (const [index, raw] of sheet.rows.entries()) {
    if (index < body) continue;
    const cell = (field: Field): string => {
      for (const column of columns.get(field) ?? []) {
        const text = raw[column] ?? '';
        if (said(text) !== '') return text;
      }
      return '';
    };
    const kind = kindOf(raw, cell, index === body, ended);
    if (kind === 'end') ended = true;
    if (kind === 'section') section = raw.filter(isPlace).map(normalise);
    if (kind !== 'member') continue;
    const own = said(cell('cell'));
    yield {
      sheet: sheet.name,
      row: index + 1,
      columns: names,
      places: own === '' ? [...section, ...named] : [own],
      ...readRow(cell),
    };
  }
}

type RowKind = 'member' | 'section' | 'end' | 'other';

/** @param ended a total or the signatures were seen: what follows is a member only with dates or a card number */
function kindOf(raw: readonly string[], cell: (field: Field) => string, first: boolean, ended: boolean): RowKind {
  const texts = raw.map(said).filter((text) => text !== '');
  if (texts.length === 0) return 'other';
  if (first && texts.length > 2 && texts.every(isColumnNumber)) return 'other';
  const dated = said(cell('admittedOn')) !== '' || said(cell('code')) !== '';
  // A header repeated on each printed page.
  if (/^(ho va ten|ho ten)/.test(labelOf(cell('name')))) return 'other';
  if (!dated && texts.some((text) => isTotal(text) || isFooter(text))) return 'end';
  if (texts.length === 1 && texts.some(isPlace)) return 'section';
  if (dated) return 'member';
  return ended || said(cell('name')) === '' ? 'other' : 'member';
}

/** `Chi bộ 3`, `II. Chi bộ Phòng Kỹ thuật`, `CHI BỘ: Kế toán`. */
const isPlace = (text: string): boolean => /^([ivx]+|\d+|[a-h])?[\s.)-]*chi bo\b/.test(fold(text));
