import { existsOn, nameOn, type OrganisationId, type OrganisationTree, pathOn } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import { labelOf } from './register-columns.ts';

export interface Cell {
  readonly id: OrganisationId;
  readonly name: string;
  readonly from: Day;
}

export type FoundCell = Cell | 'cell-missing' | 'cell-unknown' | 'cell-ambiguous';

/** Spreadsheets cut a sheet's name at this length. */
const SHEET_NAME_LENGTH = 31;

/** @param column whether the row names its cell itself, so that no other place counts */
export type FindCell = (places: readonly string[], column: boolean) => FoundCell;

/**
 * The cells of an organisation (or that cell itself) on a day, to be found by code or name, accents and case aside,
 * with or without the words "chi bộ".
 */
export function cellDirectory(tree: OrganisationTree, under: OrganisationId, today: Day): FindCell {
  const byKey = new Map<string, Cell[]>();
  for (const known of tree.values()) {
    if (known.kind !== 'cell' || !existsOn(known, today) || !pathOn(tree, known.id, today).includes(under)) continue;
    const cell = { id: known.id, name: nameOn(known, today), from: known.from };
    for (const key of new Set([keyOf(known.code), keyOf(cell.name)])) byKey.set(key, [...(byKey.get(key) ?? []), cell]);
  }
  const keys = [...byKey.keys()];
  const own = tree.get(under);
  const itself: FoundCell =
    own?.kind === 'cell' ? { id: own.id, name: nameOn(own, today), from: own.from } : 'cell-missing';

  const matching = (place: string): readonly Cell[] => {
    const key = keyOf(place);
    const exact = byKey.get(key);
    if (exact || place.length < SHEET_NAME_LENGTH) return exact ?? [];
    return keys.filter((longer) => longer.startsWith(key)).flatMap((longer) => byKey.get(longer) ?? []);
  };
  const find: FindCell = (places, column) => {
    if (places.length === 0) return itself;
    for (const place of places) {
      const [found, ...others] = matching(place);
      if (found) return others.some(({ id }) => id !== found.id) ? 'cell-ambiguous' : found;
    }
    // A cell's own register, and its sheets, may be called anything; only its column must not name another cell.
    return itself === 'cell-missing' || column ? 'cell-unknown' : itself;
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

const keyOf = (text: string): string =>
  labelOf(text)
    .replace(/^([ivx]+|\d+|[a-h]) chi bo\b/, 'chi bo')
    .replace(/^(chi bo|cb) (?=.)/, '');
