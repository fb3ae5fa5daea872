import { Claims, Day, type EventStore, eventCodec } from '@phancong/event-sourcing';
import { z } from 'zod';

/** Names that only one thing may have: `owner` is the group of a code, the member in whose book an assignment's id is. */
export const ClaimEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('GroupCodeClaimed'), occurredAt: Day, code: z.string(), owner: z.string() }),
  z.object({ type: z.literal('AssignmentIdClaimed'), occurredAt: Day, code: z.string(), owner: z.string() }),
]);
export type ClaimEvent = z.infer<typeof ClaimEvent>;
export const claimsIn = (store: EventStore): Claims<ClaimEvent> =>
  new Claims(store, eventCodec(ClaimEvent), ({ owner }) => owner);

/** Codes that differ only by case are one. */
export const groupCodeStream = (code: string): string => `code-group-${encodeURIComponent(code.toLowerCase())}`;
/** Assignments live in the books of their members: without a claim two books could hold the same id. */
export const assignmentIdStream = (id: string): string => `id-assignment-${id}`;
