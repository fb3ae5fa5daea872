import { CandidateId, LeavingReason, MemberId, MemberLife, OrganisationId, Standing } from '@phancong/contracts';
import { Day, eventCodec } from '@phancong/event-sourcing';
import { z } from 'zod';

const member = { member: MemberId, occurredAt: Day };
/** Personal fields and free text about the person, encrypted under the person's key. */
const sealed = z.string();

/** What the stream `member-<id>` holds. `sealed` never leaves the service. */
export const MemberEvent = z.discriminatedUnion('type', [
  /** `occurredAt` is the first day in the cell. */
  z.object({
    ...member,
    type: z.literal('MemberAdmitted'),
    code: z.string(),
    cell: OrganisationId,
    workUnit: z.string().optional(),
    expertise: z.string().optional(),
    standing: Standing,
    admittedOn: Day,
    officialOn: Day.optional(),
    /** The candidate that became this member. */
    candidate: CandidateId.optional(),
    sealed,
  }),
  z.object({
    ...member,
    type: z.literal('MemberTransferred'),
    from: OrganisationId,
    to: OrganisationId,
    workUnit: z.string().optional(),
    successor: MemberId.optional(),
    /** The merged cell that the member followed; absent when a person decided it. */
    following: OrganisationId.optional(),
  }),
  z.object({ ...member, type: z.literal('MemberOfficialised') }),
  z.object({ ...member, type: z.literal('MemberExempted'), until: Day.optional(), sealed }),
  z.object({ ...member, type: z.literal('MemberExemptionEnded') }),
  z.object({ ...member, type: z.literal('MemberLeft'), reason: LeavingReason, successor: MemberId.optional() }),
  /** `sealed`: the personal fields that changed, and why; none when only automatic moves were taken back. */
  z.object({
    ...member,
    type: z.literal('MemberCorrected'),
    life: MemberLife,
    standing: Standing.optional(),
    sealed: sealed.optional(),
  }),
  z.object({ ...member, type: z.literal('MemberErased'), reason: z.string() }),
]);
export type MemberEvent = z.infer<typeof MemberEvent>;

export const memberCodec = eventCodec(MemberEvent);

/** The member's stream, and the name under which the member's key is kept. */
export const memberStream = (member: MemberId): string => `member-${member}`;
