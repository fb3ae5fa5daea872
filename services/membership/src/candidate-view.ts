import { CandidateId, GroupId, MemberId, OrganisationId } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { z } from 'zod';
import type { Candidate } from './candidate.ts';
import { CandidatePersonal } from './personal.ts';

export const CandidateState = z.enum(['introduced', 'trained', 'admitted', 'admission-refused', 'withdrawn']);

/** Of the erased there is no name and no contact. */
export const CandidateDetail = z
  .object({
    id: CandidateId,
    ...CandidatePersonal.partial().shape,
    introducedBy: MemberId,
    group: GroupId.optional(),
    introducedOn: Day,
    consentOn: Day,
    state: CandidateState,
    trainedOn: Day.optional(),
    withdrawnOn: Day.optional(),
    /** `refusal`: the code of why the member could not be made. */
    admission: z
      .object({ on: Day, cell: OrganisationId, code: z.string(), member: MemberId, refusal: z.string().optional() })
      .optional(),
    erased: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'Candidate' });
export type CandidateDetail = z.infer<typeof CandidateDetail>;
export const CandidateList = z.object({ items: z.array(CandidateDetail), next: z.string().optional() });

const stateOf = ({ admission, withdrawn, trained }: Candidate): z.infer<typeof CandidateState> => {
  if (admission) return admission.refusal === undefined ? 'admitted' : 'admission-refused';
  if (withdrawn) return 'withdrawn';
  return trained ? 'trained' : 'introduced';
};

export const candidateDetail = (
  candidate: Candidate,
  personal: CandidatePersonal | undefined,
  revision: number,
): CandidateDetail => {
  const { introducedBy, group, introducedOn, consentOn, trained, withdrawn, admission, erased } = candidate;
  return {
    ...{ id: candidate.candidate, ...personal, introducedBy, group, introducedOn, consentOn },
    ...{ state: stateOf(candidate), trainedOn: trained?.occurredAt, withdrawnOn: withdrawn?.occurredAt },
    ...{ admission, erased, revision },
  };
};
