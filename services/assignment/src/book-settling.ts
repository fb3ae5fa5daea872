import { AssignmentId, type AssignmentTerms, type OrganisationId } from '@phancong/contracts';
import { commandIdFrom } from '@phancong/event-sourcing';
import type { Settle } from './assignment-book.ts';
import type { BookEvent } from './book-event.ts';
import { type Assignment, type Book, evolveBook } from './book-story.ts';
import { fits } from './crowding.ts';
import type { Group } from './group.ts';
import { type Circumstances, type Cut, cutOf, delayed } from './settlement.ts';
import { told } from './story.ts';

/** First what has to be shortened, then what may come back, as far as there is room for it. */
export function settle(book: Book, { circumstances, groups, policy, seed }: Settle): readonly BookEvent[] {
  const events: BookEvent[] = [];
  let current = book;
  const bring = (made: readonly BookEvent[]): void => {
    events.push(...made);
    current = made.reduce(evolveBook, current);
  };
  const outcomes = (): readonly Outcome[] =>
    [...current.assignments.values()].flatMap((known) => {
      const group = groups.get(known.terms.group);
      return group ? [outcomeOf(known, circumstances, group)] : [];
    });
  for (const outcome of outcomes()) bring(shortening(outcome, circumstances, seed));
  for (const outcome of outcomes()) {
    const others = [...current.assignments.values()].filter((other) => other !== outcome.known);
    if (fits(others, outcome.terms, policy.maxAssignments)) bring(correction(outcome, circumstances));
  }
  return events;
}

/** Of a new assignment: its end, if what is known of the member and the group says that it cannot last. */
export const firstCut = (known: Assignment, circumstances: Circumstances, group: Group): readonly BookEvent[] =>
  shortening(outcomeOf(known, circumstances, group), circumstances, known.terms.assignment);

interface Outcome {
  readonly known: Assignment;
  /** What was decided, as far as the circumstances allow it. */
  readonly terms: AssignmentTerms;
  readonly cell: OrganisationId;
  readonly cut?: Cut | undefined;
  readonly late: boolean;
}

function outcomeOf(known: Assignment, circumstances: Circumstances, group: Group): Outcome {
  const decided = { terms: told(known.base, known.entries), cell: known.cell };
  const late = delayed(decided, circumstances, group);
  const running = late ?? decided;
  const cut = cutOf(running, circumstances, group);
  return {
    ...{ known, cell: running.cell, cut, late: late !== undefined },
    terms: cut ? { ...running.terms, until: cut.on } : running.terms,
  };
}

/** When nothing but the end changes, and that to an earlier day. */
function shortening({ known, terms, cut }: Outcome, { life }: Circumstances, seed: string): readonly BookEvent[] {
  const before = known.terms;
  if (!cut || (before.until !== undefined && before.until <= cut.on)) return [];
  if (!same({ ...terms, until: before.until }, before)) return [];
  const { on: occurredAt, cause, to } = cut;
  const { assignment } = before;
  const entry = { occurredAt, member: life.member, assignment, cause };
  if (to === undefined) return [{ type: 'AssignmentEnded', ...entry }];
  const successor = AssignmentId.parse(commandIdFrom('successor', seed, assignment));
  return [{ type: 'AssignmentHandedOver', ...entry, to, successor }];
}

/** When it turns out that the member came later, or that an earlier cut was not due. */
function correction({ known, terms, cell, late }: Outcome, { life }: Circumstances): readonly BookEvent[] {
  if (same(terms, known.terms)) return [];
  const { role, massOrganisation } = known;
  const cause = late ? 'member-came-later' : 'circumstances-changed';
  const { assignment, from: occurredAt } = terms;
  const { member } = life;
  return [{ type: 'AssignmentCorrected', occurredAt, member, assignment, terms, cell, role, massOrganisation, cause }];
}

/** Of one assignment: the days differ in nothing. */
const same = (one: AssignmentTerms, other: AssignmentTerms): boolean => daysOf(one) === daysOf(other);
const daysOf = ({ from, until, suspensions }: AssignmentTerms): string =>
  JSON.stringify([from, until, ...suspensions.map((span) => [span.from, span.until])]);
