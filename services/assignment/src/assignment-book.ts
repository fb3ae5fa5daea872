import type { AssignmentId, GroupId, MemberId, Role } from '@phancong/contracts';
import type { Day, Decider } from '@phancong/event-sourcing';
import { approve, begin, decline, register } from './book-beginning.ts';
import { change, correct } from './book-change.ts';
import type { BookEvent, Decision } from './book-event.ts';
import { settle } from './book-settling.ts';
import { type Book, emptyBook, evolveBook } from './book-story.ts';
import type { Group } from './group.ts';
import type { Policy } from './policy.ts';
import type { Circumstances } from './settlement.ts';

/** What the rules need to know beside the book. */
export interface Lookups {
  readonly circumstances: Circumstances;
  readonly group: Group;
  readonly policy: Policy;
}

/** A committee takes it upon itself to assign against the policy's advice. */
export interface Advice {
  readonly override?: { readonly reason: string } | undefined;
}

export interface Part {
  readonly role: Role;
  readonly massOrganisation?: string | undefined;
  readonly content: readonly string[];
  readonly decision?: Decision | undefined;
}

export interface OfAssignment {
  /** Whose book it is. */
  readonly member: MemberId;
  readonly assignment: AssignmentId;
  readonly on: Day;
}

/** The assignment runs from `on`, until it `ended` if it is over. A pending registration of the member for the group is settled by it. */
export type Assign = {
  readonly type: 'assign';
  readonly ended?: { readonly on: Day; readonly reason: string } | undefined;
} & OfAssignment &
  Part &
  Advice &
  Lookups;
/** The second half of a hand-over. */
export type TakeOver = { readonly type: 'take-over'; readonly takenOverFrom: AssignmentId } & OfAssignment &
  Part &
  Advice &
  Lookups;
export type Register = { readonly type: 'register'; readonly content: readonly string[] } & OfAssignment & Lookups;
export type Approve = { readonly type: 'approve' } & OfAssignment & Omit<Part, 'content'> & Advice & Lookups;
export type Decline = { readonly type: 'decline'; readonly reason: string } & OfAssignment;

export type Change = OfAssignment &
  (
    | { readonly type: 'change-content'; readonly content: readonly string[] }
    | { readonly type: 'suspend'; readonly until?: Day | undefined; readonly reason: string }
    | { readonly type: 'resume'; readonly policy: Policy }
    | ({ readonly type: 'hand-over'; readonly to: MemberId; readonly successor: AssignmentId } & Advice)
    | { readonly type: 'end'; readonly reason: string }
  );

/** `endedOn: null` takes an end back. */
export type Correct = {
  readonly type: 'correct';
  readonly member: MemberId;
  readonly assignment: AssignmentId;
  readonly from?: Day | undefined;
  readonly endedOn?: Day | null | undefined;
  readonly role?: Role | undefined;
  readonly massOrganisation?: string | undefined;
  readonly content?: readonly string[] | undefined;
  readonly reason: string;
} & Advice &
  Lookups;

/**
 * Brings the book in line with the member's life, the tree and the groups: shortens what they do not allow, gives back
 * what they allow after all. Never refused. `seed` makes the successors' ids.
 */
export interface Settle {
  readonly type: 'settle';
  readonly member: MemberId;
  readonly circumstances: Circumstances;
  readonly groups: ReadonlyMap<GroupId, Group>;
  readonly policy: Policy;
  readonly seed: string;
}

export interface RefuseHandOver {
  readonly type: 'refuse-hand-over';
  readonly member: MemberId;
  readonly assignment: AssignmentId;
  readonly code: string;
}

export type BookCommand = Assign | TakeOver | Register | Approve | Decline | Change | Correct | Settle | RefuseHandOver;

export const bookStream = (member: MemberId): string => `book-${member}`;

const refuseHandOver = (book: Book, { member, assignment, code }: RefuseHandOver): readonly BookEvent[] => {
  const handedOver = book.assignments.get(assignment)?.handedOver;
  if (!handedOver || handedOver.refused !== undefined) return [];
  const { on, to, successor } = handedOver;
  return [{ type: 'HandOverRefused', occurredAt: on, member, assignment, to, successor, code }];
};

/** The rules of one member's book. */
export const bookDecider: Decider<Book, BookCommand, BookEvent> = {
  initialState: emptyBook,
  decide: (command, book) => {
    switch (command.type) {
      case 'assign':
      case 'take-over':
        return begin(book, command);
      case 'register':
        return register(book, command);
      case 'approve':
        return approve(book, command);
      case 'decline':
        return decline(book, command);
      case 'change-content':
      case 'suspend':
      case 'resume':
      case 'hand-over':
      case 'end':
        return change(book, command);
      case 'correct':
        return correct(book, command);
      case 'settle':
        return settle(book, command);
      case 'refuse-hand-over':
        return refuseHandOver(book, command);
    }
  },
  evolve: evolveBook,
};
