import {
  AssignmentId,
  covers,
  GroupId,
  GroupKind,
  MemberId,
  OrganisationId,
  Origin,
  Role,
  Span,
} from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { z } from 'zod';
import { Decision, Override } from './book-event.ts';
import { type Assignment, type Book, contentOn, isPending, type Registration } from './book-story.ts';
import { type Group, groupOpenOn, headcountOn } from './group.ts';

const Content = z.array(z.string()).readonly();

/** An assignment as it stands on a day. `void`: it never was, because it ended on its first day. */
export const AssignmentView = z
  .object({
    id: AssignmentId,
    member: MemberId,
    group: GroupId,
    groupKind: GroupKind,
    status: z.enum(['planned', 'active', 'suspended', 'ended', 'void']),
    origin: Origin,
    role: Role,
    massOrganisation: z.string().optional(),
    content: Content,
    from: Day,
    until: Day.optional(),
    suspensions: z.array(Span),
    decision: Decision.optional(),
    override: Override.optional(),
    takenOverFrom: AssignmentId.optional(),
    handedOver: z.object({ on: Day, to: MemberId, successor: AssignmentId, refused: z.string().optional() }).optional(),
  })
  .meta({ id: 'Assignment' });
export type AssignmentView = z.infer<typeof AssignmentView>;

export const RegistrationView = z
  .object({
    id: AssignmentId,
    member: MemberId,
    group: GroupId,
    groupKind: GroupKind,
    status: z.enum(['pending', 'approved', 'declined']),
    on: Day,
    content: Content,
    approved: z.object({ on: Day, assignment: AssignmentId }).optional(),
    declined: z.object({ on: Day, reason: z.string() }).optional(),
  })
  .meta({ id: 'Registration' });
export type RegistrationView = z.infer<typeof RegistrationView>;

export const GroupView = z
  .object({
    id: GroupId,
    code: z.string(),
    name: z.string(),
    kind: GroupKind,
    organisation: OrganisationId,
    workUnit: z.string().optional(),
    neighbourhood: z.string().optional(),
    headcount: z.int(),
    from: Day,
    closedOn: Day.optional(),
    open: z.boolean(),
  })
  .meta({ id: 'Group' });
export type GroupView = z.infer<typeof GroupView>;

function statusOn({ terms }: Assignment, day: Day): AssignmentView['status'] {
  if (terms.until !== undefined && terms.until <= terms.from) return 'void';
  if (day < terms.from) return 'planned';
  if (!covers(terms, day)) return 'ended';
  return terms.suspensions.some((span) => covers(span, day)) ? 'suspended' : 'active';
}

export function assignmentView(member: MemberId, known: Assignment, day: Day): AssignmentView {
  const { terms, role, massOrganisation, decision, override, takenOverFrom, handedOver } = known;
  const { assignment: id, group, groupKind, origin, from, until, suspensions } = terms;
  const passed = handedOver && {
    ...{ on: handedOver.on, to: handedOver.to, successor: handedOver.successor, refused: handedOver.refused },
  };
  return {
    ...{ id, member, group, groupKind, status: statusOn(known, day), origin, role, massOrganisation },
    ...{ content: contentOn(known, day), from, until, suspensions, decision, override, takenOverFrom },
    handedOver: passed,
  };
}

export function registrationView(member: MemberId, known: Registration): RegistrationView {
  const { assignment: id, group, groupKind, on, content, approved, declined } = known;
  const status = isPending(known) ? 'pending' : approved ? 'approved' : 'declined';
  return { id, member, group, groupKind, status, on, content, approved, declined };
}

export function groupView(known: Group, day: Day): GroupView {
  const { group: id, code, name, kind, organisation, workUnit, neighbourhood, from, closed } = known;
  return {
    ...{ id, code, name, kind, organisation, workUnit, neighbourhood },
    ...{ headcount: headcountOn(known, day), from, closedOn: closed?.on, open: groupOpenOn(known, day) },
  };
}

export const assignmentViews = (member: MemberId, book: Book, day: Day): readonly AssignmentView[] =>
  [...book.assignments.values()].map((known) => assignmentView(member, known, day));
