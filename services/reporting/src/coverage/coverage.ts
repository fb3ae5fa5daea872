import { covers, type GroupKind as Kind, GroupKind, type OrganisationId } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import { type AskedWhen, asKnown, type Known, readKnown } from '../as-known.ts';
import type { Series } from '../calendar-series.ts';
import { partsOn } from '../facts/organisations.ts';
import { type Figures, none, plus } from '../figures.ts';
import type { Knowledge } from '../knowledge.ts';
import { residentsThen } from '../known-then.ts';
import type { Untold } from '../untold.ts';
import type { Coverage, CoverageAnswer } from './coverage-answer.ts';
import { figuresOn } from './member-coverage.ts';

export interface CoverageQuestion extends AskedWhen {
  readonly organisation: OrganisationId;
  readonly asOf: Day;
  readonly by: 'organisation' | 'groupKind';
  /** Leaves exempt members out of all figures. */
  readonly excludeExempt: boolean;
}

/** @throws Refusal not-found */
export const coverage = (knowledge: Knowledge, question: CoverageQuestion): Promise<CoverageAnswer> =>
  asKnown(knowledge, 'coverage', question, (known) => coverageKnown(known, question));

async function coverageKnown(known: Known, { organisation, asOf, by, excludeExempt }: CoverageQuestion) {
  const { places, untold } = known;
  const named = known.named(organisation, asOf);
  const parts = by === 'organisation' ? partsOn(places, organisation, asOf) : [];
  const figures = untold
    ? await figuresCounted(known, untold, [organisation, ...parts.map((part) => part.organisation.id)], asOf)
    : await figuresAnew(known, organisation, asOf);
  const of = (id: OrganisationId): Figures => figures.get(id) ?? none;
  const total = of(organisation);
  const shown = parts.filter(({ organisation: { id }, there }) => there || counted(of(id), 'due', excludeExempt) > 0);
  return {
    organisation: named,
    asOf,
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

async function figuresCounted(known: Known, untold: Untold, ids: readonly OrganisationId[], asOf: Day) {
  const upTo = await readKnown(known, untold, ids.map(coverageSeries), [asOf]);
  return new Map(ids.map((id) => [id, upTo(coverageSeries(id), asOf, asOf)]));
}

async function figuresAnew({ reader, places, at }: Known, organisation: OrganisationId, asOf: Day) {
  const figures = new Map<OrganisationId, Figures>();
  for await (const { cell, part, life, terms } of residentsThen(reader, places, organisation, asOf, at)) {
    if (!life.stays.some((stay) => stay.cell === cell && covers(stay, asOf))) continue;
    const counts = figuresOn(life, terms, asOf);
    for (const id of part ? [organisation, part] : [organisation])
      figures.set(id, plus(figures.get(id) ?? none, counts));
  }
  return figures;
}
