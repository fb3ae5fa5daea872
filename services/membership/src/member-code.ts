import { CandidateId, MemberId } from '@phancong/contracts';
import { Claims, Day, type EventStore, eventCodec } from '@phancong/event-sourcing';
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

export const memberCodeCodec = eventCodec(MemberCodeEvent);

export const memberCodesIn = (store: EventStore): Claims<MemberCodeEvent> =>
  new Claims(store, memberCodeCodec, ({ member }) => member);

/** Codes that differ only by case are one. */
export const codeKey = (code: string): string => code.toLowerCase();

export const memberCodeStream = (code: string): string => `code-member-${codeKey(code)}`;
