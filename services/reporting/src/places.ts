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
  readonly #places = new Map<OrganisationId, readonly Place[]>();
  #parts: Map<OrganisationId, OrganisationId[]> | undefined;

  constructor(readonly tree: OrganisationTree) {}

  /**
   * The organisation itself (`OWN`) and all that it ever stands under.
   * @throws Error when something stands above itself on any day
   */
  above(id: OrganisationId): ReadonlyMap<OrganisationId, Under> {
    const known = this.#above.get(id);
    if (known) return known;
    const spans = new Map<OrganisationId, Days[]>();
    this.#climb(id, { from: '', until: '' }, [id], spans);
    const above = new Map([[id, OWN], ...[...spans].map(([above, days]) => [above, textOf(days)] as const)]);
    this.#above.set(id, above);
    return above;
  }

  /** Its direct parts on the day, closed ones and coming ones too. */
  parts(id: OrganisationId, day: Day): OrganisationId[] {
    this.#parts ??= this.#partsEver();
    const ever = this.#parts.get(id) ?? [];
    return ever.filter((part) => this.#placesOf(part).some((place) => place.parent === id && holds(place, day)));
  }

  #placesOf(id: OrganisationId): readonly Place[] {
    const places = this.#places.get(id) ?? placesOf(this.tree, id);
    this.#places.set(id, places);
    return places;
  }

  #partsEver(): Map<OrganisationId, OrganisationId[]> {
    const parts = new Map<OrganisationId, OrganisationId[]>();
    for (const id of this.tree.keys()) {
      for (const parent of new Set(this.#placesOf(id).map((place) => place.parent))) {
        const list = parts.get(parent);
        if (list) list.push(id);
        else parts.set(parent, [id]);
      }
    }
    return parts;
  }

  /** Notes what stands above on the days. One may stand above the other now, and have stood below it before. */
  #climb(id: OrganisationId, days: Days, below: readonly OrganisationId[], spans: Map<OrganisationId, Days[]>): void {
    for (const { parent, from, until } of this.#placesOf(id)) {
      const common = { from: later(days.from, from), until: earlier(days.until, until) };
      if (common.until !== '' && common.until <= common.from) continue;
      if (below.includes(parent)) throw new Error(`organisation ${parent} stands above itself`);
      const list = spans.get(parent);
      if (list) list.push(common);
      else spans.set(parent, [common]);
      this.#climb(parent, common, [...below, parent], spans);
    }
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
