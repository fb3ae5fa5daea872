import type { AssignmentTerms, MemberLife, OrganisationId } from '@phancong/contracts';
import type { Day, Instant } from '@phancong/event-sourcing';
import type { Reader } from '@phancong/read-models';
import { setImmediate } from 'node:timers/promises';
import { books, lifeOf, lives, residents, termsOf } from './facts/members.ts';
import type { Places } from './places.ts';

/** A member who was ever told to be in the cell, as told at an instant. */
export interface ResidentThen {
  readonly cell: OrganisationId;
  /** Part of the organisation asked about in which the cell is; none for the organisation itself. */
  readonly part: OrganisationId | undefined;
  readonly member: string;
  readonly life: MemberLife;
  readonly terms: readonly AssignmentTerms[];
}

/**
 * Everybody who may count in the organisation by the tree of the day, cell by cell: a member of two cells comes twice. Costs a look
 * at each of them; memory for one cell.
 */
export async function* residentsThen(
  reader: Reader,
  places: Places,
  organisation: OrganisationId,
  day: Day,
  knownAt: Instant,
): AsyncGenerator<ResidentThen> {
  for (const { cell, part } of branch(places, organisation, day)) {
    const { items } = await reader.find(residents, { index: 'cell', equals: [cell] });
    if (items.length === 0) continue;
    const members = items.map(({ doc }) => doc.member);
    const [theirLives, theirBooks] = [await reader.getMany(lives, members), await reader.getMany(books, members)];
    for (const member of members) {
      const life = lifeOf(theirLives.get(member), knownAt);
      if (life) yield { cell, part, member, life, terms: termsOf(theirBooks.get(member), knownAt) };
    }
    // Documents may be read without leaving this turn of the event loop: let others have theirs.
    await setImmediate();
  }
}

interface Branch {
  readonly cell: OrganisationId;
  readonly part: OrganisationId | undefined;
}

/** The organisation and all below it by the tree of the day. */
function* branch(places: Places, organisation: OrganisationId, day: Day): Generator<Branch> {
  yield { cell: organisation, part: undefined };
  for (const part of places.parts(organisation, day)) {
    for (const { cell } of branch(places, part, day)) yield { cell, part };
  }
}
