import { covers, type GroupKind as Kind, GroupKind, type OrganisationId } from '@phancong/contracts';
import type { Day, Instant } from '@phancong/event-sourcing';
import { readSeries, type Series } from '../calendar-series.ts';
import { organisationOn, partsOn } from '../facts/organisations.ts';
import { type Figures, none, plus } from '../figures.ts';
import type { Places } from '../places.ts';
import { type Knowledge, treesFor } from '../knowledge.ts';
import { residentsThen } from '../known-then.ts';
import type { Coverage, CoverageAnswer } from './coverage-answer.ts';
import { figuresOn } from './member-coverage.ts';

export interface CoverageQuestion {
  readonly organisation: OrganisationId;
  readonly asOf: Day;
  /** As it was known then; as it is known now, if not given. */
  readonly knownAt?: Instant | undefined;
  readonly by: 'organisation' | 'groupKind';
  /** Leaves exempt members out of all figures. */
  readonly excludeExempt: boolean;
}

/** @throws Refusal not-found */
export async function coverage(knowledge: Knowledge, question: CoverageQuestion): Promise<CoverageAnswer> {
  const { organisation, asOf, knownAt, by, excludeExempt } = question;
  const position = await knowledge.position();
  const { now, then } = await treesFor(knowledge, knownAt);
  const named = organisationOn(now, organisation, asOf);
  const parts = by === 'organisation' ? partsOn(then, organisation, asOf) : [];
  const figures = knownAt
    ? await figuresThen(knowledge, then, question, knownAt)
    : await figuresNow(knowledge, [organisation, ...parts.map((part) => part.organisation.id)], asOf);
  const of = (id: OrganisationId): Figures => figures.get(id) ?? none;
  const total = of(organisation);
  const shown = parts.filter(({ organisation: { id }, there }) => there || counted(of(id), 'due', excludeExempt) > 0);
  return {
    organisation: named,
    asOf,
    knownAt: knownAt ?? knowledge.now(),
    position,
    ...coverageIn(total, excludeExempt),
    parts:
      by === 'groupKind'
        ? GroupKind.options.map((kind) => ofKind(total, kind, excludeExempt))
        : shown.map(({ there: _, ...part }) => ({ ...part, ...coverageIn(of(part.organisation.id), excludeExempt) })),
  };
}

const counted = (figures: Figures, name: string, excludeExempt: boolean): number =>
  (figures[name] ?? 0) - (excludeExempt ? (figures[`exempt:${name}`] ?? 0) : 0);

export function coverageIn(figures: Figures, excludeExempt: boolean): Coverage {
  const due = counted(figures, 'due', excludeExempt);
  const assigned = counted(figures, 'assigned', excludeExempt);
  const selfRegistered = counted(figures, 'selfRegistered', excludeExempt);
  return { due, assigned, selfRegistered, rate: due === 0 ? null : assigned / due };
}

const ofKind = (figures: Figures, groupKind: Kind, excludeExempt: boolean) => ({
  groupKind,
  assigned: counted(figures, `assigned:${groupKind}`, excludeExempt),
  selfRegistered: counted(figures, `selfRegistered:${groupKind}`, excludeExempt),
});

export const coverageSeries = (organisation: OrganisationId): Series => ({ of: 'coverage', organisation });

async function figuresNow({ reader }: Knowledge, ids: readonly OrganisationId[], asOf: Day) {
  const upTo = await readSeries(reader, ids.map(coverageSeries), [asOf]);
  return new Map(ids.map((id) => [id, upTo(coverageSeries(id), asOf, asOf)]));
}

async function figuresThen(
  { reader }: Knowledge,
  then: Places,
  { organisation, asOf }: CoverageQuestion,
  knownAt: Instant,
) {
  const figures = new Map<OrganisationId, Figures>();
  for await (const { cell, part, life, terms } of residentsThen(reader, then, organisation, asOf, knownAt)) {
    if (!life.stays.some((stay) => stay.cell === cell && covers(stay, asOf))) continue;
    const counts = figuresOn(life, terms, asOf);
    for (const id of part ? [organisation, part] : [organisation])
      figures.set(id, plus(figures.get(id) ?? none, counts));
  }
  return figures;
}
