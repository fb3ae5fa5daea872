import { Day, type Decider, eventCodec, Refusal } from '@phancong/event-sourcing';
import { z } from 'zod';

/** A stream of one event for a name that only one thing may have: whoever appends first has it. */
export const ClaimEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('GroupCodeClaimed'), occurredAt: Day, code: z.string(), owner: z.string() }),
  z.object({ type: z.literal('AssignmentIdClaimed'), occurredAt: Day, code: z.string(), owner: z.string() }),
]);
export type ClaimEvent = z.infer<typeof ClaimEvent>;
export const claimCodec = eventCodec(ClaimEvent);

export type ClaimCommand = ClaimEvent;

/** Codes that differ only by case are one. */
export const groupCodeStream = (code: string): string => `code-group-${encodeURIComponent(code.toLowerCase())}`;
/** Assignments live in the books of their members: without a claim two books could hold the same id. */
export const assignmentIdStream = (id: string): string => `id-assignment-${id}`;

/** The state is who has the name. Claiming again what one has already changes nothing. */
export const claimDecider: Decider<string | undefined, ClaimCommand, ClaimEvent> = {
  initialState: undefined,
  decide: (command, owner) => {
    if (owner === command.owner) return [];
    if (owner === undefined) return [command];
    const { code } = command;
    switch (command.type) {
      case 'GroupCodeClaimed':
        throw new Refusal('conflict', 'group-code-taken', { code, id: owner });
      case 'AssignmentIdClaimed':
        throw new Refusal('conflict', 'already-exists', { id: code });
    }
  },
  evolve: (_, { owner }) => owner,
};
