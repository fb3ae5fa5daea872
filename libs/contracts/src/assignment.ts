import { Day } from '@phancong/event-sourcing';
import { z } from 'zod';
import { AssignmentId, GroupId, MemberId, OrganisationId } from './ids.ts';
import { envelope, Span } from './message.ts';

export const GroupKind = z.enum(['researchers', 'workers', 'youth', 'residents']);
export type GroupKind = z.infer<typeof GroupKind>;
export const Origin = z.enum(['assigned', 'self-registered', 'both']);
export type Origin = z.infer<typeof Origin>;
export const Role = z.enum(['direct', 'core']);
export type Role = z.infer<typeof Role>;

/** An assignment as far as others need it: active on the days of the span that no suspension covers. */
export const AssignmentTerms = Span.extend({
  assignment: AssignmentId,
  group: GroupId,
  groupKind: GroupKind,
  origin: Origin,
  suspensions: z.array(Span),
});
export type AssignmentTerms = z.infer<typeof AssignmentTerms>;

const group = { ...envelope, source: z.literal('assignment'), group: GroupId };
/** The key is the member's book. */
const assignment = { ...envelope, source: z.literal('assignment'), member: MemberId, assignment: AssignmentId };

export const GroupMessage = z.discriminatedUnion('type', [
  z.object({
    ...group,
    type: z.literal('GroupFormed'),
    code: z.string(),
    name: z.string(),
    kind: GroupKind,
    organisation: OrganisationId,
    workUnit: z.string().optional(),
    neighbourhood: z.string().optional(),
    headcount: z.int().nonnegative(),
  }),
  z.object({ ...group, type: z.literal('GroupRecounted'), headcount: z.int().nonnegative() }),
  z.object({ ...group, type: z.literal('GroupClosed') }),
]);
export type GroupMessage = z.infer<typeof GroupMessage>;

export const BookMessage = z.discriminatedUnion('type', [
  /** The assignment begins on `occurredAt`: made by a committee, approved on request, or taken over from another member. */
  z.object({
    ...assignment,
    type: z.literal('AssignmentMade'),
    group: GroupId,
    groupKind: GroupKind,
    origin: Origin,
    role: Role,
    takenOverFrom: AssignmentId.optional(),
  }),
  z.object({ ...assignment, type: z.literal('RegistrationMade'), group: GroupId }),
  z.object({ ...assignment, type: z.literal('RegistrationDeclined') }),
  z.object({ ...assignment, type: z.literal('AssignmentContentChanged') }),
  z.object({ ...assignment, type: z.literal('AssignmentSuspended'), until: Day.optional() }),
  z.object({ ...assignment, type: z.literal('AssignmentResumed') }),
  /** It ends on `occurredAt`: by a decision, by hand-over, or because the member or the group left. Moves an earlier end only forward in time. */
  z.object({ ...assignment, type: z.literal('AssignmentEnded') }),
  z.object({ ...assignment, type: z.literal('AssignmentHandedOver'), to: MemberId, successor: AssignmentId }),
  z.object({
    ...assignment,
    type: z.literal('HandOverRefused'),
    to: MemberId,
    successor: AssignmentId,
    code: z.string(),
  }),
  /** Replaces everything said of the assignment before. */
  z.object({ ...assignment, type: z.literal('AssignmentCorrected'), terms: AssignmentTerms }),
]);
export type BookMessage = z.infer<typeof BookMessage>;

/** What assignment publishes. */
export const AssignmentMessage = z.discriminatedUnion('type', [...GroupMessage.options, ...BookMessage.options]);
export type AssignmentMessage = z.infer<typeof AssignmentMessage>;
