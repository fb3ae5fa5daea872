import { Day, type Decider, eventCodec, Refusal } from '@phancong/event-sourcing';
import { z } from 'zod';

/** A stream for a name that only one thing may have: whoever appends first has it, unless that one never came to be. */
export const ClaimEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('GroupCodeClaimed'), occurredAt: Day, code: z.string(), owner: z.string() }),
  z.object({ type: z.literal('AssignmentIdClaimed'), occurredAt: Day, code: z.string(), owner: z.string() }),
]);
export type ClaimEvent = z.infer<typeof ClaimEvent>;
export const claimCodec = eventCodec(ClaimEvent);

/** `lapsed`: who has the name and has never come to be. */
export type ClaimCommand = ClaimEvent & { readonly lapsed?: string | undefined };

/** Codes that differ only by case are one. */
export const groupCodeStream = (code: string): string => `code-group-${encodeURIComponent(code.toLowerCase())}`;
/** Assignments live in the books of their members: without a claim two books could hold the same id. */
export const assignmentIdStream = (id: string): string => `id-assignment-${id}`;

/** The state is who has the name. Claiming again what one has already changes nothing. */
export const claimDecider: Decider<string | undefined, ClaimCommand, ClaimEvent> = {
  initialState: undefined,
  decide: ({ lapsed, ...claim }, owner) => {
    const { type, code } = claim;
    if (owner === claim.owner) return [];
    if (owner === undefined || owner === lapsed) return [claim];
    switch (type) {
      case 'GroupCodeClaimed':
        throw new Refusal('conflict', 'group-code-taken', { code, id: owner });
      case 'AssignmentIdClaimed':
        throw new Refusal('conflict', 'already-exists', { id: code });
    }
  },
  evolve: (_, { owner }) => owner,
};
