import { Day } from '@phancong/event-sourcing';
import { z } from 'zod';
import { CandidateId, GroupId, MemberId, OrganisationId } from './ids.ts';
import { envelope, Span } from './message.ts';

export const OrganisationKind = z.enum(['bloc', 'committee', 'sub-committee', 'cell']);
export type OrganisationKind = z.infer<typeof OrganisationKind>;
export const Standing = z.enum(['probationary', 'official']);
export type Standing = z.infer<typeof Standing>;
export const LeavingReason = z.enum(['transferred-out', 'resigned', 'removed', 'expelled', 'died']);
export type LeavingReason = z.infer<typeof LeavingReason>;

/** A stay in a cell, in a work unit of it if that is known. */
export const Stay = Span.extend({ cell: OrganisationId, workUnit: z.string().optional() });
export type Stay = z.infer<typeof Stay>;

/** All that others know of a member: where from when to when. A correction publishes it whole. */
export const MemberLife = z.object({
  member: MemberId,
  code: z.string(),
  admittedOn: Day,
  officialOn: Day.optional(),
  expertise: z.string().optional(),
  /** In order, without overlap; the last one ends when the member has left. */
  stays: z.array(Stay),
  exemptions: z.array(Span),
});
export type MemberLife = z.infer<typeof MemberLife>;

const organisation = { ...envelope, source: z.literal('membership'), organisation: OrganisationId };
const member = { ...envelope, source: z.literal('membership'), member: MemberId };
const candidate = { ...envelope, source: z.literal('membership'), candidate: CandidateId };

export const OrganisationMessage = z.discriminatedUnion('type', [
  z.object({
    ...organisation,
    type: z.literal('OrganisationRegistered'),
    code: z.string(),
    name: z.string(),
    kind: OrganisationKind,
    parent: OrganisationId.optional(),
    enterprise: z.string().optional(),
    province: z.string().optional(),
  }),
  z.object({ ...organisation, type: z.literal('OrganisationRenamed'), name: z.string() }),
  z.object({ ...organisation, type: z.literal('OrganisationMoved'), parent: OrganisationId }),
  /** It ends on that day; its parts and members go to `into` (members by a MemberTransferred each). */
  z.object({ ...organisation, type: z.literal('OrganisationMerged'), into: OrganisationId }),
  z.object({ ...organisation, type: z.literal('OrganisationDissolved') }),
]);
export type OrganisationMessage = z.infer<typeof OrganisationMessage>;

export const MemberMessage = z.discriminatedUnion('type', [
  /** `occurredAt` is the first day in the cell. */
  z.object({
    ...member,
    type: z.literal('MemberAdmitted'),
    code: z.string(),
    cell: OrganisationId,
    workUnit: z.string().optional(),
    expertise: z.string().optional(),
    admittedOn: Day,
    officialOn: Day.optional(),
  }),
  z.object({
    ...member,
    type: z.literal('MemberTransferred'),
    from: OrganisationId,
    to: OrganisationId,
    workUnit: z.string().optional(),
    successor: MemberId.optional(),
  }),
  z.object({ ...member, type: z.literal('MemberOfficialised') }),
  z.object({ ...member, type: z.literal('MemberExempted'), until: Day.optional() }),
  z.object({ ...member, type: z.literal('MemberExemptionEnded') }),
  z.object({
    ...member,
    type: z.literal('MemberLeft'),
    reason: LeavingReason,
    successor: MemberId.optional(),
  }),
  /** Replaces everything said of the member before. */
  z.object({ ...member, type: z.literal('MemberCorrected'), life: MemberLife }),
  /** The personal fields are gone; the life stays. */
  z.object({ ...member, type: z.literal('MemberErased') }),
]);
export type MemberMessage = z.infer<typeof MemberMessage>;

export const CandidateMessage = z.discriminatedUnion('type', [
  z.object({
    ...candidate,
    type: z.literal('CandidateIntroduced'),
    introducedBy: MemberId,
    group: GroupId.optional(),
  }),
  z.object({ ...candidate, type: z.literal('CandidateTrained'), introducedBy: MemberId }),
  z.object({
    ...candidate,
    type: z.literal('CandidateAdmitted'),
    introducedBy: MemberId,
    cell: OrganisationId,
    member: MemberId,
  }),
  z.object({ ...candidate, type: z.literal('CandidateWithdrawn'), introducedBy: MemberId }),
  z.object({ ...candidate, type: z.literal('CandidateErased') }),
]);
export type CandidateMessage = z.infer<typeof CandidateMessage>;

/** What membership publishes. No personal field. */
export const MembershipMessage = z.discriminatedUnion('type', [
  ...OrganisationMessage.options,
  ...MemberMessage.options,
  ...CandidateMessage.options,
]);
export type MembershipMessage = z.infer<typeof MembershipMessage>;
