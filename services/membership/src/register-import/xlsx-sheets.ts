import { posix } from 'node:path';
import { excelDay } from './cell-day.ts';
import { MAX_COLUMNS, MAX_TEXTS, refuseFile } from './file-refusal.ts';
import { numberFormat, type NumberFormat } from './number-format.ts';
import { LOOKED_AT } from './register-header.ts';
import type { Merge, Sheet, SheetRow } from './workbook.ts';
import { attribute, plainText, within, type XmlElement, xmlElements } from './xml-elements.ts';
import { type ZipPart, zipParts } from './zip-parts.ts';

const BOOK = 'xl/workbook.xml';
const DAYS_FROM_1900_TO_1904 = 1_462;

const [nameOf, relationOf] = [attribute('name'), attribute('\\w+:id')];
const [idOf, typeOf, targetOf] = [attribute('Id'), attribute('Type'), attribute('Target')];
const [formatIdOf, formatCodeOf] = [attribute('numFmtId'), attribute('formatCode')];
const [referenceOf, kindOf, styleOf] = [attribute('r'), attribute('t'), attribute('s')];
const [areaOf, from1904] = [attribute('ref'), attribute('date1904')];
const [texts, styles, cellsIn, values] = [within('t'), within('xf'), within('c'), within('v')];

/** What the cells of all sheets refer to. */
interface Shared {
  readonly strings: readonly string[];
  /** By the style of a cell. */
  readonly formats: readonly NumberFormat[];
  /** Days to add to a date. */
  readonly shift: number;
}

/** The sheets of a workbook, read row by row. Nothing is evaluated: a formula gives the value kept with it. */
export async function* xlsxSheets(bytes: Buffer): AsyncGenerator<Sheet> {
  const parts = zipParts(bytes);
  const book = parts.get(BOOK);
  if (!book) throw refuseFile('file-not-a-register');
  const targets = await relations(parts);
  const part = (kind: string): ZipPart | undefined =>
    parts.get([...targets.values()].find(({ type }) => type === kind)?.target ?? '');
  const shared = {
    strings: await sharedStrings(part('sharedStrings')),
    formats: await cellFormats(part('styles')),
    shift: (await dates1904(book)) ? DAYS_FROM_1900_TO_1904 : 0,
  };
  for await (const named of xmlElements(book(), 'sheet')) {
    const relation = targets.get(relationOf(named) ?? '');
    if (relation && relation.type !== 'worksheet') continue;
    const sheet = parts.get(relation?.target ?? '');
    if (!sheet) throw refuseFile('file-broken');
    yield { name: nameOf(named) ?? '', merges: await mergesOf(sheet), rows: rowsOf(sheet, shared) };
  }
}

async function relations(parts: ReadonlyMap<string, ZipPart>) {
  const file = parts.get('xl/_rels/workbook.xml.rels');
  if (!file) throw refuseFile('file-broken');
  const found = new Map<string, { readonly type: string; readonly target: string }>();
  for await (const relation of xmlElements(file(), 'Relationship')) {
    const [id = '', type = '', target = ''] = [idOf(relation), typeOf(relation), targetOf(relation)];
    const path = target.startsWith('/') ? target.slice(1) : posix.join('xl', target);
    found.set(id, { type: type.slice(type.lastIndexOf('/') + 1), target: path });
  }
  return found;
}

async function dates1904(book: ZipPart): Promise<boolean> {
  for await (const properties of xmlElements(book(), 'workbookPr')) {
    return /^(1|true)$/.test(from1904(properties) ?? '');
  }
  return false;
}

async function sharedStrings(file: ZipPart | undefined): Promise<readonly string[]> {
  const strings: string[] = [];
  if (!file) return strings;
  for await (const { inner } of xmlElements(file(), 'si')) {
    if (strings.length === MAX_TEXTS) throw refuseFile('file-too-large');
    strings.push(richText(inner));
  }
  return strings;
}

/** Runs of differently formatted text are one text; readings in another script stand beside and are none of it. */
function richText(inner: string): string {
  const spoken = inner.split(/<\/(?:\w+:)?rPh>/).map((part) => part.split(/<(?:\w+:)?rPh[\s>]/, 1).join(''));
  return Array.from(texts(spoken.join('')), (text) => plainText(text.inner)).join('');
}

async function cellFormats(file: ZipPart | undefined): Promise<readonly NumberFormat[]> {
  if (!file) return [];
  const codes = new Map<number, string>();
  for await (const format of xmlElements(file(), 'numFmt')) {
    codes.set(Number(formatIdOf(format)), formatCodeOf(format) ?? '');
  }
  const formats: NumberFormat[] = [];
  for await (const { inner } of xmlElements(file(), 'cellXfs')) {
    for (const style of styles(inner)) {
      const id = Number(formatIdOf(style) ?? 0);
      formats.push(numberFormat(id, codes.get(id)));
    }
  }
  return formats;
}

/** They stand behind the rows; only those of a header matter. */
async function mergesOf(sheet: ZipPart): Promise<readonly Merge[]> {
  const merges: Merge[] = [];
  for await (const merged of xmlElements(sheet(), 'mergeCell')) {
    const corners = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(areaOf(merged) ?? '');
    const [, left = '', top = '', right = '', bottom = ''] = corners ?? [];
    if (!corners || Number(top) > LOOKED_AT + 1) continue;
    merges.push({
      ...{ top: Number(top) - 1, bottom: Number(bottom) - 1 },
      ...{ left: columnIndex(left), right: columnIndex(right) },
    });
  }
  return merges;
}

async function* rowsOf(sheet: ZipPart, shared: Shared): AsyncGenerator<SheetRow> {
  let row = 0;
  for await (const element of xmlElements(sheet(), 'row')) {
    row = Number(referenceOf(element) ?? row + 1);
    const cells = cellsOf(element.inner, shared);
    if (cells.some((text) => text !== '')) yield { row, cells };
  }
}

function cellsOf(row: string, shared: Shared): readonly string[] {
  const cells: string[] = [];
  let column = -1;
  for (const cell of cellsIn(row)) {
    const reference = /^[A-Z]+/.exec(referenceOf(cell) ?? '')?.[0];
    column = reference === undefined ? column + 1 : columnIndex(reference);
    if (column >= MAX_COLUMNS) break;
    cells[column] = cellText(cell, shared);
  }
  return Array.from(cells, (text) => text ?? '');
}

function cellText(cell: XmlElement, { strings, formats, shift }: Shared): string {
  if (cell.inner === '') return '';
  const type = kindOf(cell) ?? 'n';
  if (type === 'inlineStr') return richText(cell.inner);
  const [kept] = values(cell.inner);
  const value = plainText(kept?.inner ?? '');
  if (type === 's') return value === '' ? '' : (strings[Number(value)] ?? '');
  if (type === 'd') return value.slice(0, 'yyyy-mm-dd'.length);
  if (type === 'b') return value === '' ? '' : String(value === '1');
  if (type !== 'n' || value === '') return value;
  const number = Number(value);
  if (Number.isNaN(number)) return value;
  const format = formats[Number(styleOf(cell) ?? 0)] ?? 'number';
  if (format === 'date') return excelDay(number + shift) ?? String(number);
  return format === 'number' ? String(number) : String(number).padStart(format.digits, '0');
}

/** A → 0, AA → 26. */
const columnIndex = (letters: string): number =>
  Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
