import {
  AssignmentId,
  AssignmentTerms,
  GroupId,
  GroupKind,
  MemberId,
  OrganisationId,
  Origin,
  Role,
} from '@phancong/contracts';
import { Day, eventCodec } from '@phancong/event-sourcing';
import { z } from 'zod';
import { Mismatch } from './placement.ts';

const entry = { occurredAt: Day, member: MemberId, assignment: AssignmentId };
const Content = z.array(z.string()).readonly();

/** The paper on which a committee decided. */
export const Decision = z.object({ number: z.string(), on: Day.optional() });
export type Decision = z.infer<typeof Decision>;

/** A committee assigns although the policy advises against it. */
export const Override = z.object({ reason: z.string(), mismatches: z.array(Mismatch).readonly() });
export type Override = z.infer<typeof Override>;

/** Why an assignment ended without a decision about it. */
export const Cause = z.enum(['member-left', 'member-moved', 'group-closed']);
export type Cause = z.infer<typeof Cause>;

/** What a member's assignment book may hold. The cell, content, decisions and reasons stay inside this service. */
export const BookEvent = z.discriminatedUnion('type', [
  z.object({
    ...entry,
    type: z.literal('AssignmentMade'),
    group: GroupId,
    groupKind: GroupKind,
    origin: Origin,
    role: Role,
    takenOverFrom: AssignmentId.optional(),
    /** Where the member was on the first day. */
    cell: OrganisationId,
    content: Content,
    massOrganisation: z.string().optional(),
    decision: Decision.optional(),
    override: Override.optional(),
    /** The member's own registration, which is settled by this. */
    registration: AssignmentId.optional(),
  }),
  z.object({
    ...entry,
    type: z.literal('RegistrationMade'),
    group: GroupId,
    groupKind: GroupKind,
    content: Content,
  }),
  z.object({ ...entry, type: z.literal('RegistrationDeclined'), reason: z.string() }),
  z.object({ ...entry, type: z.literal('AssignmentContentChanged'), content: Content }),
  z.object({ ...entry, type: z.literal('AssignmentSuspended'), until: Day.optional(), reason: z.string() }),
  z.object({ ...entry, type: z.literal('AssignmentResumed') }),
  z.object({
    ...entry,
    type: z.literal('AssignmentEnded'),
    reason: z.string().optional(),
    cause: Cause.optional(),
  }),
  z.object({
    ...entry,
    type: z.literal('AssignmentHandedOver'),
    to: MemberId,
    successor: AssignmentId,
    cause: Cause.optional(),
    /** Holds for the member who takes over, should the policy advise against it. */
    override: z.object({ reason: z.string() }).optional(),
  }),
  z.object({
    ...entry,
    type: z.literal('HandOverRefused'),
    to: MemberId,
    successor: AssignmentId,
    code: z.string(),
  }),
  z.object({
    ...entry,
    type: z.literal('AssignmentCorrected'),
    terms: AssignmentTerms,
    cell: OrganisationId,
    role: Role,
    massOrganisation: z.string().optional(),
    content: Content.optional(),
    reason: z.string().optional(),
    /** Not the committee's correction: what is known of the member or of the tree has changed. */
    cause: z.enum(['member-came-later', 'circumstances-changed']).optional(),
    override: Override.optional(),
  }),
]);
export type BookEvent = z.infer<typeof BookEvent>;
export const bookCodec = eventCodec(BookEvent);
