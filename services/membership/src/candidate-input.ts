import { CandidateId, GroupId, MemberId, OrganisationId } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { body } from '@phancong/nest';
import { z } from 'zod';
import { MOST_TOGETHER, together } from './member-input.ts';
import { candidatePersonal } from './personal.ts';
import { Code, Reason } from './texts.ts';

const introduce = {
  id: CandidateId.optional(),
  ...candidatePersonal,
  introducedBy: MemberId,
  group: GroupId.optional(),
  introducedOn: Day,
  consentOn: Day,
};
export const IntroduceCandidate = body(introduce);
export type IntroduceCandidate = z.infer<typeof IntroduceCandidate>;
export const IntroduceCandidates = body({ candidates: z.array(z.strictObject(introduce)).min(1).max(MOST_TOGETHER) });
export type IntroduceCandidates = z.infer<typeof IntroduceCandidates>;

export const TrainCandidates = together({ id: CandidateId, on: Day });
export type TrainCandidates = z.infer<typeof TrainCandidates>;

/** `member`: the id that the member will have. */
const admit = { on: Day, cell: OrganisationId, code: Code, member: MemberId.optional() };
export const AdmitCandidate = body(admit);
export type AdmitCandidate = z.infer<typeof AdmitCandidate>;
export const AdmitCandidates = together({ id: CandidateId, ...admit });
export type AdmitCandidates = z.infer<typeof AdmitCandidates>;

const withdraw = { on: Day, reason: Reason };
export const WithdrawCandidate = body(withdraw);
export type WithdrawCandidate = z.infer<typeof WithdrawCandidate>;
export const WithdrawCandidates = together({ id: CandidateId, ...withdraw });
export type WithdrawCandidates = z.infer<typeof WithdrawCandidates>;
