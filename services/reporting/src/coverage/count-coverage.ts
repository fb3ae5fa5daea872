import type { Session } from '@phancong/read-models';
import { books, lifeOf, lives, termsOf } from '../facts/members.ts';
import type { RollUp } from '../roll-up.ts';
import { coverageBetween, coverageOf } from './member-coverage.ts';

/** Counts the coverage of the members of whom the session has news: takes away what they were, adds what they are. */
export async function countCoverage(session: Session, rollUp: RollUp): Promise<void> {
  const [changedLives, changedBooks] = [await session.changes(lives), await session.changes(books)];
  const members = [...new Set([...changedLives, ...changedBooks].map(({ id }) => id))];
  const [livesNow, booksNow] = [await session.getMany(lives, members), await session.getMany(books, members)];
  const [livesBefore, booksBefore] = [new Map(livesNow), new Map(booksNow)];
  for (const { id, before } of changedLives) replace(livesBefore, id, before);
  for (const { id, before } of changedBooks) replace(booksBefore, id, before);

  for (const member of members) {
    const before = coverageOf(lifeOf(livesBefore.get(member)), termsOf(booksBefore.get(member)));
    const now = coverageOf(lifeOf(livesNow.get(member)), termsOf(booksNow.get(member)));
    for (const { cell, day, figures } of coverageBetween(before, now)) {
      rollUp({ of: 'coverage', organisation: cell }, day, figures, 1);
    }
  }
}

const replace = <Doc>(docs: Map<string, Doc>, id: string, doc: Doc | undefined): void => {
  if (doc === undefined) docs.delete(id);
  else docs.set(id, doc);
};
