import {
  type AssignmentId,
  AssignmentTerms,
  type BookMessage,
  evolveTerms,
  MemberId,
  type Message,
} from '@phancong/contracts';
import { evolveDocuments, type Projection, type Reader, type ReadModel } from '@phancong/read-models';
import { z } from 'zod';

/** The assignments of one member, as far as they have been heard of here. */
const Book = z.object({
  member: MemberId,
  assignments: z.array(AssignmentTerms),
  /** Of the last message of the member's book that was taken in. */
  revision: z.int().nonnegative(),
});
type Book = z.infer<typeof Book>;
const books: ReadModel<Book> = { name: 'known-books', schema: Book, indexes: {} };

/** Whose an assignment is; its id is the assignment's. */
const Holder = z.object({ member: MemberId });
const holders: ReadModel<z.infer<typeof Holder>> = { name: 'assignment-holders', schema: Holder, indexes: {} };

export const knownAssignments: Projection = {
  name: 'known-assignments',
  version: 1,
  models: [books, holders],
  sources: ['assignment'],
  apply: async (messages, session) => {
    const entries = messages.filter(isBookMessage);
    await evolveDocuments(
      { model: books, ids: (message) => (isBookMessage(message) ? [message.member] : []), evolve: evolveBook },
      entries,
      session,
    );
    for (const entry of entries) {
      if (entry.type === 'AssignmentMade') await session.put(holders, entry.assignment, { member: entry.member });
    }
  },
};

export interface KnownBook {
  readonly member: MemberId;
  readonly assignments: readonly AssignmentTerms[];
}

/** The books that the assignments stand in, by assignment. */
export async function booksOf(
  reader: Reader,
  assignments: readonly AssignmentId[],
): Promise<ReadonlyMap<AssignmentId, KnownBook>> {
  const held = await reader.getMany(holders, assignments);
  const found = await reader.getMany(books, [...new Set([...held.values()].map(({ member }) => member))]);
  return new Map(
    assignments.flatMap((assignment) => {
      const book = found.get(held.get(assignment)?.member ?? '');
      return book ? [[assignment, book] as const] : [];
    }),
  );
}

const isBookMessage = (message: Message): message is BookMessage =>
  message.source === 'assignment' && 'member' in message;

const evolveBook = (book: Book | undefined, message: Message): Book | undefined => {
  if (!isBookMessage(message) || (book && message.revision <= book.revision)) return book;
  const { member, revision } = message;
  return { member, assignments: [...evolveTerms(book?.assignments ?? [], message)], revision };
};
