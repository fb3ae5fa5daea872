import { activeOn, type AssignmentTerms, covers, type MemberLife, type OrganisationId } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import { type Figures, isNone, none, plus, sorted, Sum } from '../figures.ts';

/** What a member adds to the coverage of a cell from a day on. */
export interface CoverageChange {
  readonly cell: OrganisationId;
  readonly day: Day;
  readonly figures: Figures;
}

/**
 * A member's part in the coverage of each cell, as changes by day: their sum up to a day is the member's state on it.
 * Counted is `due`, `assigned` (at least one active assignment), `selfRegistered` (one of them asked for by the member), the two
 * also by kind of group (`assigned:youth`); and again with `exempt:` before it while the member is exempt.
 */
export function coverageOf(life: MemberLife | undefined, terms: readonly AssignmentTerms[]): CoverageChange[] {
  if (!life) return [];
  const turns = turningDays(life, terms);
  return life.stays.flatMap(({ cell, from, until }) => {
    if (until !== undefined && until <= from) return [];
    const within = turns.filter((day) => from < day && (until === undefined || day < until));
    const changes: CoverageChange[] = [];
    let before = none;
    const change = (day: Day, after: Figures) => {
      const figures = plus(after, before, -1);
      if (!isNone(figures)) changes.push({ cell, day, figures });
      before = after;
    };
    for (const day of [from, ...within]) change(day, figuresOn(life, terms, day));
    if (until !== undefined) change(until, none);
    return changes;
  });
}

/** What leads from one coverage to another. */
export function coverageBetween(before: readonly CoverageChange[], after: readonly CoverageChange[]): CoverageChange[] {
  const changes = new Map<string, { readonly cell: OrganisationId; readonly day: Day; readonly sum: Sum }>();
  const add = (list: readonly CoverageChange[], factor: 1 | -1) => {
    for (const { cell, day, figures } of list) {
      const at = `${day}${cell}`;
      const change = changes.get(at) ?? { cell, day, sum: new Sum() };
      changes.set(at, change);
      change.sum.add(figures, factor);
    }
  };
  add(before, -1);
  add(after, 1);
  return [...changes.values()]
    .map(({ cell, day, sum: { figures } }) => ({ cell, day, figures }))
    .filter(({ figures }) => !isNone(figures));
}

/** What a member who is in a cell on the day counts for there. */
export function figuresOn(life: MemberLife, terms: readonly AssignmentTerms[], day: Day): Figures {
  const figures: Record<string, number> = { due: 1 };
  for (const { groupKind, origin } of terms.filter((one) => activeOn(one, day))) {
    figures['assigned'] = 1;
    figures[`assigned:${groupKind}`] = 1;
    if (origin === 'assigned') continue;
    figures['selfRegistered'] = 1;
    figures[`selfRegistered:${groupKind}`] = 1;
  }
  if (life.exemptions.some((span) => covers(span, day))) {
    for (const name of Object.keys(figures)) figures[`exempt:${name}`] = 1;
  }
  return sorted(figures);
}

/** The days on which anything may change, in order, each once. */
function turningDays(life: MemberLife, terms: readonly AssignmentTerms[]): Day[] {
  const spans = [...life.exemptions, ...terms, ...terms.flatMap(({ suspensions }) => suspensions)];
  return [...new Set(spans.flatMap(({ from, until }) => (until === undefined ? [from] : [from, until])))].sort();
}
