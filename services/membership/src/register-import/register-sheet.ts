import { normalise } from '@phancong/vietnamese';
import { refuseFile } from './file-refusal.ts';
import { isColumnNumber, isFooter, isPlace, isTotal, said } from './register-cells.ts';
import { type Field, labelOf } from './register-columns.ts';
import {
  columnName,
  type DroppedColumn,
  findHeader,
  type Header,
  LOOKED_AT,
  type SheetHead,
} from './register-header.ts';
import { type ReadRow, readRow } from './register-row.ts';
import type { Sheet, SheetRow } from './workbook.ts';

export interface RegisterRow extends ReadRow {
  readonly sheet: string;
  /** As spreadsheets count, from 1. */
  readonly row: number;
  /** Names of the columns (`A`, `AA`) by field: where the row has it, if several have the same. */
  readonly columns: Readonly<Partial<Record<Field, string>>>;
  /** Where the file says that the member belongs: the column's text, else a line between the rows, the titles, the sheet's name. */
  readonly places: readonly string[];
  /** Whether it is the column that says so. */
  readonly ownPlace: boolean;
}

/** What a register is beside its rows. */
export interface RegisterFrame {
  readonly dropped: readonly DroppedColumn[];
  /** Names of sheets with text but without a register. */
  readonly skipped: readonly string[];
}

/**
 * Reads the sheets to their end.
 * @param take gets each row that is meant to be a member, in the order of the file
 * @throws Refusal `file-without-register` when no sheet has a header that names at least the member and a date or card number
 */
export async function readRegister(
  sheets: AsyncIterable<Sheet>,
  take: (row: RegisterRow) => void,
): Promise<RegisterFrame> {
  const dropped: DroppedColumn[] = [];
  const skipped: string[] = [];
  let registers = 0;
  for await (const sheet of sheets) {
    const { head, rest } = await parted(sheet);
    const header = findHeader(head);
    if (header) {
      registers += 1;
      dropped.push(...header.dropped);
    } else if (head.rows.length > 0) skipped.push(sheet.name);
    const member = header && memberReader(head, header);
    for await (const row of rest()) {
      const read = member?.(row);
      if (read) take(read);
    }
  }
  if (registers === 0) throw refuseFile('file-without-register');
  return { dropped, skipped };
}

/** The rows in which a header may stand, and all rows. */
async function parted({ name, merges, rows }: Sheet) {
  const iterator = rows[Symbol.asyncIterator]();
  const first: SheetRow[] = [];
  let next = await iterator.next();
  for (; !next.done && next.value.row <= LOOKED_AT + 1; next = await iterator.next()) first.push(next.value);
  const texts: (readonly string[])[] = [];
  for (const { row, cells } of first) texts[row - 1] = cells;
  const head: SheetHead = { name, merges, rows: Array.from(texts, (cells) => cells ?? []) };
  const rest = async function* (): AsyncGenerator<SheetRow> {
    yield* first;
    for (let row = next; !row.done; row = await iterator.next()) yield row.value;
  };
  return { head, rest };
}

/** Gives the member that a row of the sheet is about, if it is about one. Asked in the order of the rows. */
function memberReader({ name, rows }: SheetHead, { top, body, columns }: Header) {
  const names: Partial<Record<Field, string>> = {};
  for (const [field, [first = 0]] of columns) names[field] = columnName(first);
  const several = [...columns].filter(([, { length }]) => length > 1);
  const named = [...rows.slice(0, top).flatMap((row) => row.filter(isPlace)), name].filter((text) => text !== '');
  let section: readonly string[] = [];
  let ended = false;
  return ({ row, cells }: SheetRow): RegisterRow | undefined => {
    if (row <= body) return undefined;
    const used = (field: Field): number | undefined =>
      columns.get(field)?.find((column) => said(cells[column] ?? '') !== '');
    const cell = (field: Field): string => cells[used(field) ?? -1] ?? '';
    const kind = kindOf(cells, cell, row === body + 1, ended);
    if (kind === 'end') ended = true;
    if (kind === 'section') section = cells.filter(isPlace).map(normalise);
    if (kind !== 'member') return undefined;
    const own = said(cell('cell'));
    const ownPlace = own !== '';
    const places = ownPlace ? [own] : [...section, ...named];
    const elsewhere = several.map(([field, [first = 0]]) => [field, columnName(used(field) ?? first)] as const);
    const where = several.length > 0 ? { ...names, ...Object.fromEntries(elsewhere) } : names;
    return { sheet: name, row, columns: where, places, ownPlace, ...readRow(cell) };
  };
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
