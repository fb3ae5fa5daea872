import type { OrganisationId } from '@phancong/contracts';
import type { Day, Instant } from '@phancong/event-sourcing';
import type { Positions, Reader } from '@phancong/read-models';
import { readSeries, type Series, type SumUpTo } from './calendar-series.ts';
import { type NamedOrganisation, organisationOn } from './facts/organisations.ts';
import { plus } from './figures.ts';
import { type Knowledge, textOf } from './knowledge.ts';
import type { Places } from './places.ts';
import { Untold, untoldCoverage, untoldResults } from './untold.ts';

export interface AskedWhen {
  /** As it was known then; as far as it is known now, if that is less or it is not given. */
  readonly knownAt?: Instant | undefined;
  /** Includes all that is written down by now; waits for it. */
  readonly current?: boolean | undefined;
}

/** What was known at an instant. */
export interface Known {
  readonly reader: Reader;
  readonly at: Instant;
  /** The tree as it was told then. */
  readonly places: Places;
  /** How the figures of the calendars differ from those of then; undefined: they differ in too much, count anew. */
  readonly untold: Untold | undefined;
  /** By its name as it was known then. @throws Refusal not-found for what is not known today either */
  readonly named: (id: OrganisationId, day: Day) => NamedOrganisation;
}

/** What a complete answer says about when. */
export interface Dated {
  readonly knownAt: Instant;
  readonly position: string;
}

/** So often batches may come between; after that, everybody is counted as known then, which no batch changes. */
const TRIES = 5;

/**
 * An answer of one moment: exactly what was recorded at `knownAt` or before, so that whoever asks again with that `knownAt` gets
 * the same. What the documents hold beyond it (the sources are not read in step) is left out.
 */
export async function asKnown<Answer extends object>(
  knowledge: Knowledge,
  of: 'coverage' | 'results',
  { knownAt: asked, current }: AskedWhen,
  answer: (known: Known) => Promise<Answer>,
): Promise<Answer & Dated> {
  const { reader, trees, horizon, positions } = knowledge;
  if (current) await knowledge.caughtUp((await horizon.sealed()).heads);
  for (let tries = TRIES; ; tries -= 1) {
    const before = await positions();
    const reached = await horizon.reached(reader, before);
    const at = asked !== undefined && asked < reached.at ? asked : reached.at;
    const { now, then: places } = await trees.at(reader, at);
    const named: Known['named'] = (id, day) => organisationOn(places.tree.has(id) ? places : now, id, day);
    const untold =
      places === now && tries > 0 ? await untoldSince(knowledge, places, of, at, reached.through) : undefined;
    const given = await answer({ reader, at, places, untold, named });
    if (untold && !same(before, await positions())) continue;
    return { ...given, knownAt: at, position: textOf(before, knowledge.sources) };
  }
}

async function untoldSince(
  { reader, mostNews }: Knowledge,
  places: Places,
  of: 'coverage' | 'results',
  at: Instant,
  through: Instant,
) {
  if (through <= at) return new Untold(places);
  return of === 'coverage' ? untoldCoverage(reader, places, at, mostNews) : untoldResults(reader, places, at, mostNews);
}

const same = (one: Positions, other: Positions): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Sums of the calendars as they were known. */
export async function readKnown(
  { reader }: Known,
  untold: Untold,
  series: readonly Series[],
  days: readonly Day[],
): Promise<SumUpTo> {
  const told = await readSeries(reader, series, days);
  return (...asked) => plus(told(...asked), untold.upTo(...asked));
}
