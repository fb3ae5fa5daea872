import type { OrganisationHistory, OrganisationId, OrganisationTree } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';

/** Days from `from` (ever since, if empty) until before `until` (for ever, if empty). */
interface Days {
  readonly from: Day | '';
  readonly until: Day | '';
}
interface Place extends Days {
  readonly parent: OrganisationId;
}

/**
 * On which days of the tree something stands under an organisation: text of spans, `2008-06-01..2012-01-01`, joined by
 * commas. `OWN` is what the organisation itself has.
 */
export type Under = string;
export const OWN: Under = 'own';

/** Whether it stands there in the tree of the day. */
export const standsOn = (under: Under, day: Day): boolean => {
  if (under === OWN || under === '..') return true;
  return under.split(',').some((span) => {
    const [from = '', until = ''] = span.split('..');
    return from <= day && (until === '' || day < until);
  });
};

/**
 * Who is above whom, and when. As in the contracts' `pathOn`, closed organisations keep their last place; likewise one that
 * is not yet there has its first place already, so that what was done there is counted whatever day's tree is asked for.
 */
export class Places {
  readonly #above = new Map<OrganisationId, ReadonlyMap<OrganisationId, Under>>();
  readonly #spans = new Map<OrganisationId, ReadonlyMap<OrganisationId, readonly Days[]>>();
  #parts: Map<OrganisationId, OrganisationId[]> | undefined;

  constructor(readonly tree: OrganisationTree) {}

  /** The organisation itself (`OWN`) and all that it ever stands under. */
  above(id: OrganisationId): ReadonlyMap<OrganisationId, Under> {
    const known = this.#above.get(id);
    if (known) return known;
    const spans = [...this.#spansAbove(id, [])];
    const above = new Map([[id, OWN], ...spans.map(([above, days]) => [above, textOf(days)] as const)]);
    this.#above.set(id, above);
    return above;
  }

  /** Its direct parts on the day, closed ones and coming ones too. */
  parts(id: OrganisationId, day: Day): OrganisationId[] {
    this.#parts ??= this.#partsEver();
    const ever = this.#parts.get(id) ?? [];
    return ever.filter((part) => placesOf(this.tree, part).some((place) => place.parent === id && holds(place, day)));
  }

  #partsEver(): Map<OrganisationId, OrganisationId[]> {
    const parts = new Map<OrganisationId, OrganisationId[]>();
    for (const id of this.tree.keys()) {
      for (const parent of new Set(placesOf(this.tree, id).map((place) => place.parent))) {
        const list = parts.get(parent);
        if (list) list.push(id);
        else parts.set(parent, [id]);
      }
    }
    return parts;
  }

  #spansAbove(id: OrganisationId, below: readonly OrganisationId[]): ReadonlyMap<OrganisationId, readonly Days[]> {
    const known = this.#spans.get(id);
    if (known) return known;
    const spans = new Map<OrganisationId, Days[]>();
    const add = (above: OrganisationId, days: Days) => {
      const list = spans.get(above);
      if (list) list.push(days);
      else spans.set(above, [days]);
    };
    for (const { parent, from, until } of placesOf(this.tree, id)) {
      if (parent === id || below.includes(parent)) throw new Error(`organisation ${parent} stands above itself`);
      add(parent, { from, until });
      for (const [above, list] of this.#spansAbove(parent, [...below, id])) {
        for (const days of list) {
          const common = { from: later(days.from, from), until: earlier(days.until, until) };
          if (common.until === '' || common.from < common.until) add(above, common);
        }
      }
    }
    this.#spans.set(id, spans);
    return spans;
  }
}

const holds = ({ from, until }: Days, day: Day): boolean => from <= day && (until === '' || day < until);
const later = (one: Day | '', other: Day | ''): Day | '' => (one > other ? one : other);
const earlier = (one: Day | '', other: Day | ''): Day | '' => {
  if (one === '' || other === '') return one === '' ? other : one;
  return one < other ? one : other;
};

/** Spans in order of days, those that touch made one. */
function textOf(list: readonly Days[]): Under {
  const joined: Days[] = [];
  for (const days of [...list].sort((one, other) => (one.from < other.from ? -1 : 1))) {
    const last = joined.at(-1);
    if (last && last.until === days.from) joined[joined.length - 1] = { from: last.from, until: days.until };
    else joined.push(days);
  }
  return joined.map(({ from, until }) => `${from}..${until}`).join(',');
}

/** The direct places of an organisation in order of days; what was merged is replaced by what it became. */
function placesOf(tree: OrganisationTree, id: OrganisationId): Place[] {
  const known = tree.get(id);
  return known ? statedPlaces(known).flatMap((place) => afterMergers(tree, place)) : [];
}

const statedPlaces = ({ parents, from: founded }: OrganisationHistory): Place[] =>
  parents.flatMap(({ from, parent }, index) => {
    const next = parents[index + 1]?.from ?? '';
    // Two moves told for one day: the one written down last holds.
    if (next === from) return [];
    const first = !parents.slice(0, index).some((before) => before.from < from);
    return [{ parent, from: first && from <= founded ? '' : from, until: next }];
  });

function afterMergers(tree: OrganisationTree, place: Place): Place[] {
  const places: Place[] = [];
  let { parent, from } = place;
  for (;;) {
    const closed = tree.get(parent)?.closed;
    if (closed?.into === undefined || (place.until !== '' && place.until <= closed.on)) break;
    if (from < closed.on) {
      places.push({ parent, from, until: closed.on });
      from = closed.on;
    }
    parent = closed.into;
  }
  return [...places, { parent, from, until: place.until }];
}
