import { CandidateId, MemberId } from '@phancong/contracts';
import { Day, type Decider, eventCodec, Refusal } from '@phancong/event-sourcing';
import { z } from 'zod';

/** A stream a code: who appended to it last has the code. */
export const MemberCodeEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('MemberCodeClaimed'),
    occurredAt: Day,
    code: z.string(),
    member: MemberId,
    /** The candidate who will be that member. */
    candidate: CandidateId.optional(),
  }),
]);
export type MemberCodeEvent = z.infer<typeof MemberCodeEvent>;

export type CodeHolder = Pick<MemberCodeEvent, 'member' | 'candidate'>;

export interface ClaimMemberCode extends CodeHolder {
  readonly code: string;
  readonly today: Day;
  /** A holder known to carry the code no longer, or never to have come to be. */
  readonly lapsed?: MemberId | undefined;
}

export const memberCodeCodec = eventCodec(MemberCodeEvent);

/** Codes that differ only by case are one. */
export const codeKey = (code: string): string => code.toLowerCase();

export const memberCodeStream = (code: string): string => `code-member-${codeKey(code)}`;

export const memberCodeDecider: Decider<CodeHolder | undefined, ClaimMemberCode, MemberCodeEvent> = {
  initialState: undefined,
  decide: ({ code, member, candidate, today, lapsed }, holder) => {
    if (holder?.member === member) return [];
    if (holder && holder.member !== lapsed) throw new Refusal('conflict', 'member-code-taken', { code });
    return [{ type: 'MemberCodeClaimed', occurredAt: today, code, member, candidate }];
  },
  evolve: (_, { member, candidate }) => ({ member, candidate }),
};
