import { type MemberLife, type OrganisationId } from '@phancong/contracts';
import { type Day, type Instant, instantOf } from '@phancong/event-sourcing';
import type { Reader, ReadModel } from '@phancong/read-models';
import { setImmediate } from 'node:timers/promises';
import { nameOf, type Series, type SumUpTo } from './calendar-series.ts';
import { coverageBetween, coverageOf } from './coverage/member-coverage.ts';
import { activities, candidates, doneIn, stepsOf } from './facts/deeds.ts';
import { books, type Life, lifeOf, lives, termsOf } from './facts/members.ts';
import { type Figures, Sum } from './figures.ts';
import { type Places, standsOn, type Under } from './places.ts';
import { creditDeeds, staysOf } from './results/count-deeds.ts';
import type { RollUp } from './roll-up.ts';

/** Documents looked at in one turn of the event loop. */
const AT_ONCE = 500;

/**
 * What must be added to the figures of the calendars to take away what was told after an instant; the same tree holds before and
 * after it.
 */
export class Untold {
  readonly #places: Places;
  readonly #changes = new Map<string, { readonly day: Day; readonly under: Under; readonly figures: Figures }[]>();
  readonly #campaigns = new Map<OrganisationId, Set<string>>();

  constructor(places: Places) {
    this.#places = places;
  }

  readonly rollUp: RollUp = (series, day, figures, factor) => {
    const sum = new Sum();
    sum.add(figures, factor);
    for (const [organisation, under] of this.#places.above(series.organisation)) {
      const change = { day, under, figures: sum.figures };
      const name = nameOf({ ...series, organisation });
      const changes = this.#changes.get(name);
      if (changes) changes.push(change);
      else this.#changes.set(name, [change]);
      if (series.campaign === undefined) continue;
      this.#campaigns.set(organisation, (this.#campaigns.get(organisation) ?? new Set()).add(series.campaign));
    }
  };

  readonly upTo: SumUpTo = (series, day, asOf, before) => {
    const sum = new Sum();
    for (const change of this.#changes.get(nameOf(series)) ?? []) {
      if (change.day > day || (before && change.day === day)) continue;
      if (standsOn(change.under, asOf)) sum.add(change.figures);
    }
    return sum.figures;
  };

  campaigns(organisation: OrganisationId): Iterable<string> {
    return this.#campaigns.get(organisation) ?? [];
  }

  years(series: Series): readonly string[] {
    return (this.#changes.get(nameOf(series)) ?? []).map(({ day }) => day.slice(0, 4));
  }
}

/** Of coverage: members of whom something was told after the instant. @returns undefined when they are more than `most` */
export async function untoldCoverage(
  reader: Reader,
  places: Places,
  at: Instant,
  most: number,
): Promise<Untold | undefined> {
  const [newLives, newBooks] = [
    await changedAfter(reader, lives, at, most),
    await changedAfter(reader, books, at, most),
  ];
  if (!newLives || !newBooks) return undefined;
  const members = [...new Set([...newLives.keys(), ...newBooks.keys()])];
  const allLives = await withOthers(reader, lives, newLives, members);
  const allBooks = await withOthers(reader, books, newBooks, members);
  const untold = new Untold(places);
  for (const [index, member] of members.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await setImmediate();
    const [life, book] = [allLives.get(member), allBooks.get(member)];
    const now = coverageOf(lifeOf(life), termsOf(book));
    const then = coverageOf(lifeOf(life, at), termsOf(book, at));
    for (const { cell, day, figures } of coverageBetween(now, then)) {
      untold.rollUp({ of: 'coverage', organisation: cell }, day, figures, 1);
    }
  }
  return untold;
}

/** Of results: deeds told after the instant, and those of members who were moved then. @returns undefined when they are more than `most` */
export async function untoldResults(
  reader: Reader,
  places: Places,
  at: Instant,
  most: number,
): Promise<Untold | undefined> {
  const newLives = await changedAfter(reader, lives, at, most);
  const logged = await changedAfter(reader, activities, at, most);
  const introduced = await changedAfter(reader, candidates, at, most);
  if (!newLives || !logged || !introduced) return undefined;
  const moved = [...newLives].filter(([, life]) => staysOf(lifeOf(life)) !== staysOf(lifeOf(life, at)));
  const ids = moved.map(([id]) => id);
  const [ofActivities, ofCandidates] = [
    await withThoseOf(reader, activities, logged, ids),
    await withThoseOf(reader, candidates, introduced, ids),
  ];
  const members = [...ofActivities.values(), ...ofCandidates.values()].map(({ member }) => member);
  const allLives = await withOthers(reader, lives, newLives, [...new Set(members)]);
  const untold = new Untold(places);
  const [now, then] = [livesIn(allLives), livesIn(allLives, at)];
  for (const activity of ofActivities.values()) {
    creditDeeds(doneIn(activity), now(activity.member), untold.rollUp, -1);
    creditDeeds(doneIn(activity, at), then(activity.member), untold.rollUp, 1);
  }
  for (const candidate of ofCandidates.values()) {
    creditDeeds(stepsOf(candidate), now(candidate.member), untold.rollUp, -1);
    creditDeeds(stepsOf(candidate, at), then(candidate.member), untold.rollUp, 1);
  }
  return untold;
}

const livesIn =
  (docs: ReadonlyMap<string, Life>, at?: Instant) =>
  (member: string): MemberLife | undefined =>
    lifeOf(docs.get(member), at);

/** The documents that have entries of after the instant; undefined when they are too many. */
async function changedAfter<Doc extends object>(
  reader: Reader,
  model: ReadModel<Doc>,
  at: Instant,
  most: number,
): Promise<ReadonlyMap<string, Doc> | undefined> {
  const from = instantOf(new Date(Date.parse(at) + 1));
  const found = new Map<string, Doc>();
  for (let cursor: string | undefined; ; ) {
    const page = await reader.find(model, { index: 'recorded', from, cursor, limit: Math.min(most + 1, AT_ONCE) });
    for (const { id, doc } of page.items) found.set(id, doc);
    if (found.size > most) return undefined;
    cursor = page.next;
    if (cursor === undefined) return found;
    // Documents may be read without leaving this turn of the event loop: let others have theirs.
    await setImmediate();
  }
}

async function withOthers<Doc extends object>(
  reader: Reader,
  model: ReadModel<Doc>,
  known: ReadonlyMap<string, Doc>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Doc>> {
  const others = ids.filter((id) => !known.has(id));
  return new Map([...known, ...(await reader.getMany(model, others))]);
}

async function withThoseOf<Doc extends object>(
  reader: Reader,
  model: ReadModel<Doc>,
  known: ReadonlyMap<string, Doc>,
  members: readonly string[],
): Promise<ReadonlyMap<string, Doc>> {
  const all = new Map(known);
  for (const member of members) {
    const { items } = await reader.find(model, { index: 'member', equals: [member] });
    for (const { id, doc } of items) all.set(id, doc);
  }
  return all;
}
