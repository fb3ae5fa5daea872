import { AssignmentTerms, type BookMessage, evolveTerms, MemberId, type Message } from '@phancong/contracts';
import { evolveDocuments, type Projection, type ReadModel } from '@phancong/read-models';
import { z } from 'zod';

/** An assignment as far as it has been heard of here. */
const HeldAssignment = z.object({
  member: MemberId,
  terms: AssignmentTerms,
  /** Of the last message of the member's book about it that was taken in. */
  revision: z.int().nonnegative(),
});
export type HeldAssignment = z.infer<typeof HeldAssignment>;

/** Its id is the assignment's. */
export const heldAssignments: ReadModel<HeldAssignment> = {
  name: 'held-assignments',
  schema: HeldAssignment,
  indexes: {},
};

export const knownAssignments: Projection = {
  name: 'known-assignments',
  version: 2,
  models: [heldAssignments],
  sources: ['assignment'],
  apply: (messages, session) =>
    evolveDocuments(
      {
        model: heldAssignments,
        ids: (message) => (isBookMessage(message) ? [message.assignment] : []),
        evolve: evolveAssignment,
      },
      messages,
      session,
    ),
};

const isBookMessage = (message: Message): message is BookMessage =>
  message.source === 'assignment' && 'member' in message;

const evolveAssignment = (known: HeldAssignment | undefined, message: Message): HeldAssignment | undefined => {
  if (!isBookMessage(message) || (known && message.revision <= known.revision)) return known;
  const [terms] = evolveTerms(known ? [known.terms] : [], message);
  return terms && { member: message.member, terms, revision: message.revision };
};
