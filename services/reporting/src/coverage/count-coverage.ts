import type { Session } from '@phancong/read-models';
import { type Book, books, type Life, lifeOf, lives, termsOf } from '../facts/members.ts';
import type { RollUp } from '../roll-up.ts';
import { coverageOf } from './member-coverage.ts';

/** Counts the coverage of the members of whom the session has news: takes away what they were, adds what they are. */
export async function countCoverage(session: Session, rollUp: RollUp): Promise<void> {
  const [changedLives, changedBooks] = [session.changes(lives), session.changes(books)];
  const members = [...new Set([...changedLives, ...changedBooks].map(({ id }) => id))];
  const [livesNow, booksNow] = [await session.getMany(lives, members), await session.getMany(books, members)];
  const [livesBefore, booksBefore] = [new Map(livesNow), new Map(booksNow)];
  for (const { id, before } of changedLives) replace(livesBefore, id, before);
  for (const { id, before } of changedBooks) replace(booksBefore, id, before);

  const count = (life: Life | undefined, book: Book | undefined, factor: 1 | -1) => {
    for (const { cell, day, figures } of coverageOf(lifeOf(life), termsOf(book))) {
      rollUp({ of: 'coverage', organisation: cell }, day, figures, factor);
    }
  };
  for (const member of members) {
    count(livesBefore.get(member), booksBefore.get(member), -1);
    count(livesNow.get(member), booksNow.get(member), 1);
  }
}

const replace = <Doc>(docs: Map<string, Doc>, id: string, doc: Doc | undefined): void => {
  if (doc === undefined) docs.delete(id);
  else docs.set(id, doc);
};
