import { existsOn, nameOn, type OrganisationId, type OrganisationTree, pathOn } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import { isPlace } from './register-cells.ts';
import { labelOf } from './register-columns.ts';

export interface Cell {
  readonly id: OrganisationId;
  readonly name: string;
  readonly from: Day;
}

export interface FoundCell {
  readonly cell: Cell | 'cell-missing' | 'cell-unknown' | 'cell-ambiguous' | 'title-of-another-cell';
  /** The place that decided it, if one did. */
  readonly place?: string;
  /** Titles before it that speak of a cell which is not there. */
  readonly unknown: readonly string[];
}

/** Spreadsheets cut a sheet's name at this length. */
const SHEET_NAME_LENGTH = 31;

/** @param column whether the row names its cell itself, so that no other place counts */
export type FindCell = (places: readonly string[], column: boolean) => FoundCell;

/**
 * The cells of an organisation (or that cell itself) on a day, to be found by code or name, accents and case aside,
 * with or without the words "chi bộ".
 */
export function cellDirectory(tree: OrganisationTree, under: OrganisationId, today: Day): FindCell {
  const cells = [...tree.values()].filter((known) => known.kind === 'cell' && existsOn(known, today));
  const within = new Set(cells.filter(({ id }) => pathOn(tree, id, today).includes(under)));
  const named = (known: (typeof cells)[number]) => ({
    cell: { id: known.id, name: nameOn(known, today), from: known.from },
    code: known.code,
  });
  const matching = cellsByName([...within].map(named));
  const elsewhere = cellsByName(cells.filter((known) => !within.has(known)).map(named));
  const own = tree.get(under);
  const itself = own?.kind === 'cell' ? { id: own.id, name: nameOn(own, today), from: own.from } : undefined;

  const find: FindCell = (places, column) => {
    const unknown: string[] = [];
    if (places.length === 0) return { cell: itself ?? 'cell-missing', unknown };
    for (const place of places) {
      const [found, ...others] = matching(place);
      const ambiguous = others.some(({ id }) => id !== found?.id);
      if (found) return { cell: ambiguous ? 'cell-ambiguous' : found, place, unknown };
      if (column || !isPlace(place) || keyOf(place) === NAMELESS) continue;
      if (itself && elsewhere(place).length > 0) return { cell: 'title-of-another-cell', place, unknown };
      unknown.push(place);
    }
    // Nothing is known against it: a cell's own register, and its sheets, may be called anything but another cell.
    if (itself && !column) return { cell: itself, unknown };
    return { cell: 'cell-unknown', unknown: [] };
  };
  // A file names few cells many times.
  const found = new Map<string, FoundCell>();
  return (places, column) => {
    const key = [column, ...places].join('\n');
    const known = found.get(key) ?? find(places, column);
    found.set(key, known);
    return known;
  };
}

function cellsByName(cells: readonly { readonly cell: Cell; readonly code: string }[]) {
  const byKey = new Map<string, Cell[]>();
  for (const { cell, code } of cells) {
    for (const key of new Set([keyOf(code), keyOf(cell.name)])) byKey.set(key, [...(byKey.get(key) ?? []), cell]);
  }
  const keys = [...byKey.keys()];
  return (place: string): readonly Cell[] => {
    const key = keyOf(place);
    const exact = byKey.get(key);
    if (exact || place.length < SHEET_NAME_LENGTH) return exact ?? [];
    return keys.filter((longer) => longer.startsWith(key)).flatMap((longer) => byKey.get(longer) ?? []);
  };
}

/** "Chi bộ", and no name. */
const NAMELESS = 'chi bo';

const keyOf = (text: string): string =>
  labelOf(text)
    .replace(/^([ivx]+|\d+|[a-h]) chi bo\b/, 'chi bo')
    .replace(/^(chi bo|cb) (?=.)/, '');
