import { normalise } from '@phancong/vietnamese';
import { type DroppedField, droppedIn, type Field, fieldOf, labelOf } from './register-columns.ts';
import type { Merge } from './workbook.ts';

/** A column that the import does not keep, and what of it. */
export interface DroppedColumn {
  readonly sheet: string;
  /** As spreadsheets name it: A, B, … AA. */
  readonly column: string;
  readonly header: string;
  readonly field: DroppedField;
}

export interface Header {
  /** Index of the first row under it. */
  readonly body: number;
  /** For each field the indexes of its columns; usually one (`năm sinh: nam | nữ` has two). */
  readonly columns: ReadonlyMap<Field, readonly number[]>;
  readonly dropped: readonly DroppedColumn[];
  /** Index of the header's first row: what stands above are titles. */
  readonly top: number;
}

/** How many rows a header is looked for in. */
export const LOOKED_AT = 40;

/** The first rows of a sheet, blank ones too. */
export interface SheetHead {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
  readonly merges: readonly Merge[];
}

/** A, B, … Z, AA, … */
export function columnName(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? columnName(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/** The header of a register, in one row or two, under any titles; undefined when the sheet has none. */
export function findHeader(sheet: SheetHead): Header | undefined {
  const labelled = sheet.rows.slice(0, LOOKED_AT + 1).map((_, row) => filled(sheet, row));
  let best: Header | undefined;
  for (const [top, labels] of labelled.slice(0, LOOKED_AT).entries()) {
    for (const header of [headerOf(sheet, top, labels, 1), twoRows(sheet, top, labels, labelled[top + 1])]) {
      if (header && better(header, best)) best = header;
    }
  }
  return best;
}

/** More fields, or as many in fewer rows: a title above must not become a part of the header. */
const better = (one: Header, other: Header | undefined): boolean =>
  other === undefined ||
  one.columns.size > other.columns.size ||
  (one.columns.size === other.columns.size && one.body - one.top < other.body - other.top);

/** The row's texts, with those of merged cells in every cell of theirs. */
function filled({ rows, merges }: SheetHead, row: number): string[] {
  const texts = (rows[row] ?? []).map(normalise);
  for (const { top, left, bottom, right } of merges) {
    if (row < top || row > bottom) continue;
    const text = normalise(rows[top]?.[left] ?? '');
    for (let column = left; column <= Math.min(right, left + LOOKED_AT); column += 1) texts[column] = text;
  }
  return Array.from(texts, (text) => text ?? '');
}

function twoRows(sheet: SheetHead, top: number, upper: string[], lower: string[] | undefined): Header | undefined {
  // Figures are data, not a second row of headers.
  if (!lower || lower.every((text) => text === '') || lower.some((text) => /\d/.test(text))) return undefined;
  let group = '';
  const labels = Array.from({ length: Math.max(upper.length, lower.length) }, (_, column) => {
    const [above, below] = [upper[column] ?? '', lower[column] ?? ''];
    // Without merged cells (CSV) only the first column of a group has its text.
    if (above !== '' || below === '') group = below === '' || below === above ? '' : above;
    return above === below ? below : `${above === '' ? group : above} ${below}`.trim();
  });
  return headerOf(sheet, top, labels, 2);
}

function headerOf(sheet: SheetHead, top: number, labels: readonly string[], height: number): Header | undefined {
  const columns = new Map<Field, number[]>();
  const dropped: DroppedColumn[] = [];
  for (const [index, header] of labels.entries()) {
    const label = labelOf(header);
    const field = fieldOf(label);
    if (field) columns.set(field, [...(columns.get(field) ?? []), index]);
    for (const lost of droppedIn(label)) {
      dropped.push({ sheet: sheet.name, column: columnName(index), header, field: lost });
    }
  }
  const known = columns.has('admittedOn') || columns.has('code') || columns.has('birthDate');
  return columns.has('name') && known ? { body: top + height, columns, dropped, top } : undefined;
}
