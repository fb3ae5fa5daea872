import { CandidateId, GroupId, MemberId, OrganisationId } from '@phancong/contracts';
import { Day, eventCodec } from '@phancong/event-sourcing';
import { z } from 'zod';

const candidate = { candidate: CandidateId, occurredAt: Day };

/** What the stream `candidate-<id>` holds: dates, consent and who introduced; name and contact are `sealed`. */
export const CandidateEvent = z.discriminatedUnion('type', [
  z.object({
    ...candidate,
    type: z.literal('CandidateIntroduced'),
    introducedBy: MemberId,
    group: GroupId.optional(),
    consentOn: Day,
    sealed: z.string(),
  }),
  z.object({ ...candidate, type: z.literal('CandidateTrained'), introducedBy: MemberId }),
  /** The member is there; in older logs: is still to be made, by a process. */
  z.object({
    ...candidate,
    type: z.literal('CandidateAdmitted'),
    introducedBy: MemberId,
    cell: OrganisationId,
    code: z.string(),
    member: MemberId,
  }),
  /** The member could not be made, or another was made already. Not published. */
  z.object({ ...candidate, type: z.literal('CandidateAdmissionRefused'), member: MemberId, refusal: z.string() }),
  z.object({ ...candidate, type: z.literal('CandidateWithdrawn'), introducedBy: MemberId, sealed: z.string() }),
  z.object({ ...candidate, type: z.literal('CandidateErased'), reason: z.string() }),
]);
export type CandidateEvent = z.infer<typeof CandidateEvent>;

export const candidateCodec = eventCodec(CandidateEvent);

/** The candidate's stream, and the name under which the candidate's key is kept. */
export const candidateStream = (candidate: CandidateId): string => `candidate-${candidate}`;
