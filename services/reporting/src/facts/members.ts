import {
  type AssignmentTerms,
  BookMessage,
  evolveLife,
  evolveTerms,
  MemberId,
  type MemberLife,
  MemberMessage,
  type Message,
  OrganisationId,
} from '@phancong/contracts';
import type { Instant } from '@phancong/event-sourcing';
import type { Evolving, ReadModel } from '@phancong/read-models';
import { z } from 'zod';

/** All that was ever written down of where a member was and when exempt, in that order. */
const Life = z.object({ entries: z.array(MemberMessage) });
export type Life = z.infer<typeof Life>;
export const lives: ReadModel<Life> = { name: 'lives', schema: Life, indexes: { recorded: lastRecorded } };

/** All that was ever written down of a member's assignments, in that order. */
const Book = z.object({ entries: z.array(BookMessage) });
export type Book = z.infer<typeof Book>;
export const books: ReadModel<Book> = { name: 'books', schema: Book, indexes: { recorded: lastRecorded } };

/** A member who was ever told to be in the cell. */
const Resident = z.object({ cell: OrganisationId, member: MemberId });
export const residents: ReadModel<z.infer<typeof Resident>> = {
  name: 'residents',
  schema: Resident,
  indexes: { cell: ({ cell }) => [cell] },
};

export const lifeFacts: Evolving<Life> = {
  model: lives,
  ids: (message) => (isOfLife(message) ? [message.member] : []),
  evolve: (life, message) => (isOfLife(message) && isNews(life?.entries, message) ? withEntry(life, message) : life),
};

export const bookFacts: Evolving<Book> = {
  model: books,
  ids: (message) => (isOfBook(message) ? [message.member] : []),
  evolve: (book, message) => (isOfBook(message) && isNews(book?.entries, message) ? withEntry(book, message) : book),
};

/** The life as it was told at the instant; as it is told now without one. */
export const lifeOf = (life: Life | undefined, knownAt?: Instant): MemberLife | undefined =>
  toldBy(life, knownAt).reduce<MemberLife | undefined>(evolveLife, undefined);

export const termsOf = (book: Book | undefined, knownAt?: Instant): readonly AssignmentTerms[] =>
  toldBy(book, knownAt).reduce<readonly AssignmentTerms[]>(evolveTerms, []);

/** Every cell in which the member was ever told to be. */
export const cellsEver = ({ entries }: Life): ReadonlySet<OrganisationId> =>
  new Set(
    entries.flatMap((entry) => {
      if (entry.type === 'MemberAdmitted') return [entry.cell];
      if (entry.type === 'MemberTransferred') return [entry.to];
      return entry.type === 'MemberCorrected' ? entry.life.stays.map(({ cell }) => cell) : [];
    }),
  );

interface Told {
  readonly revision: number;
  readonly recordedAt: Instant;
}

/** When the last entry was written down: what was told after an instant is found by it. */
export function lastRecorded({ entries }: { readonly entries: readonly Told[] }): readonly [Instant | null] {
  return [entries.at(-1)?.recordedAt ?? null];
}

/** Messages may come again: those of one key in order of their revisions. */
export const isNews = (entries: readonly Told[] | undefined, message: Told): boolean =>
  message.revision > (entries?.at(-1)?.revision ?? -1);

const withEntry = <Entry>(
  doc: { readonly entries: readonly Entry[] } | undefined,
  entry: Entry,
): { entries: Entry[] } => ({
  entries: [...(doc?.entries ?? []), entry],
});

const toldBy = <Entry extends Told>(doc: { readonly entries: readonly Entry[] } | undefined, at?: Instant) =>
  (doc?.entries ?? []).filter(({ recordedAt }) => at === undefined || recordedAt <= at);

/** Becoming official and being erased change no figure. */
const isOfLife = (message: Message): message is MemberMessage =>
  message.source === 'membership' &&
  'member' in message &&
  !('candidate' in message) &&
  message.type !== 'MemberOfficialised' &&
  message.type !== 'MemberErased';

/** Content, and requests that were not granted, change no figure. */
const isOfBook = (message: Message): message is BookMessage =>
  message.source === 'assignment' &&
  'assignment' in message &&
  message.type !== 'AssignmentContentChanged' &&
  message.type !== 'RegistrationMade' &&
  message.type !== 'RegistrationDeclined' &&
  message.type !== 'HandOverRefused';
