import { AssignmentId, type MemberId } from '@phancong/contracts';
import { commandIdFrom } from '@phancong/event-sourcing';
import type { Settle } from './assignment-book.ts';
import type { BookEvent } from './book-event.ts';
import type { Assignment, Book } from './book-story.ts';
import type { Group } from './group.ts';
import { type Circumstances, cutOf, delayed } from './settlement.ts';

export function settle(book: Book, { member, circumstances, groups, seed }: Settle): readonly BookEvent[] {
  return [...book.assignments.values()].flatMap((assignment) => {
    const group = groups.get(assignment.terms.group);
    return group ? cutEvents(member, assignment, circumstances, group, seed) : [];
  });
}

/** What shortens the assignment to what the circumstances allow; none when they allow all of it. */
export function cutEvents(
  member: MemberId,
  known: Assignment,
  circumstances: Circumstances,
  group: Group,
  seed: string,
): readonly BookEvent[] {
  const { assignment } = known.terms;
  const late = delayed(known, circumstances, group);
  if (late) {
    const cut = cutOf(late, circumstances, group);
    const terms = cut ? { ...late.terms, until: cut.on } : late.terms;
    const { role, massOrganisation } = known;
    const cause = 'member-came-later';
    const fields = { terms, cell: late.cell, role, massOrganisation, cause } as const;
    return [{ type: 'AssignmentCorrected', occurredAt: terms.from, member, assignment, ...fields }];
  }
  const cut = cutOf(known, circumstances, group);
  if (!cut) return [];
  const { on: occurredAt, cause, to } = cut;
  if (to === undefined) return [{ type: 'AssignmentEnded', occurredAt, member, assignment, cause }];
  const successor = AssignmentId.parse(commandIdFrom('successor', seed, assignment));
  return [{ type: 'AssignmentHandedOver', occurredAt, member, assignment, to, successor, cause }];
}
