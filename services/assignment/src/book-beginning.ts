import { type AssignmentId, covers, type GroupId, type MemberId, type Origin, stayOn } from '@phancong/contracts';
import { type Day, Refusal } from '@phancong/event-sourcing';
import type {
  Advice,
  Approve,
  Assign,
  Decline,
  Lookups,
  OfAssignment,
  Part,
  Register,
  TakeOver,
} from './assignment-book.ts';
import { firstCut } from './book-settling.ts';
import type { BookEvent, Override } from './book-event.ts';
import { type Book, evolveBook, isPending, type Registration } from './book-story.ts';
import { mustFit } from './crowding.ts';
import { groupOpenOn } from './group.ts';
import { mismatches } from './placement.ts';

/** The assignment, and its end if it is already known that it cannot last. */
export function begin(book: Book, command: Assign | TakeOver): readonly BookEvent[] {
  mustBeNew(book, command.assignment);
  const { group } = command.group;
  const pending = pendingFor(book, group).find((registration) => registration.on <= command.on);
  const takenOverFrom = command.type === 'take-over' ? command.takenOverFrom : undefined;
  const origin = pending ? 'both' : 'assigned';
  const ended = command.type === 'assign' ? command.ended : undefined;
  return made(book, command, { origin, takenOverFrom, registration: pending?.assignment }, ended);
}

export function approve(book: Book, command: Approve): readonly BookEvent[] {
  const { assignment, content } = pendingRegistration(book, command);
  return made(book, { ...command, content }, { origin: 'self-registered', registration: assignment });
}

export function decline(book: Book, command: Decline): readonly BookEvent[] {
  pendingRegistration(book, command);
  const { member, assignment, on, reason } = command;
  return [{ type: 'RegistrationDeclined', occurredAt: on, member, assignment, reason }];
}

export function register(book: Book, command: Register): readonly BookEvent[] {
  const { member, assignment, on, content, group } = command;
  mustBeNew(book, assignment);
  mustBeThere(command);
  for (const registration of pendingFor(book, group.group)) {
    throw new Refusal('conflict', 'already-registered', { group: group.group, on: registration.on });
  }
  for (const { terms, since } of book.assignments.values()) {
    const over = terms.until !== undefined && (terms.until <= on || terms.until <= terms.from);
    if (terms.group !== group.group || over) continue;
    if (covers(terms, on)) throw new Refusal('conflict', 'already-assigned', { group: group.group, on });
    const later = { type: since.type, occurredAt: terms.from, revision: since.revision };
    throw new Refusal('conflict', 'conflicts-with-later-entry', later);
  }
  const groupKind = group.kind;
  return [{ type: 'RegistrationMade', occurredAt: on, member, assignment, group: group.group, groupKind, content }];
}

interface Birth {
  readonly origin: Origin;
  readonly takenOverFrom?: AssignmentId | undefined;
  readonly registration?: AssignmentId | undefined;
}

function made(
  book: Book,
  command: OfAssignment & Part & Advice & Lookups,
  birth: Birth,
  ended?: Assign['ended'],
): readonly BookEvent[] {
  const { member, assignment, on, role, massOrganisation, content, decision, circumstances, group, policy } = command;
  const { cell } = mustBeThere(command);
  const first: BookEvent = {
    ...{ type: 'AssignmentMade', occurredAt: on, member, assignment, group: group.group, groupKind: group.kind },
    ...{ role, cell, content, massOrganisation, decision, override: advised(command), ...birth },
  };
  if (ended && ended.on <= on) throw new Refusal('invalid', 'ends-before-it-begins', { from: on, until: ended.on });
  const decided: readonly BookEvent[] = ended
    ? [first, { type: 'AssignmentEnded', occurredAt: ended.on, member, assignment, reason: ended.reason }]
    : [first];
  const running = required(decided.reduce(evolveBook, book), assignment);
  const events = [...decided, ...firstCut(running, circumstances, group)];
  const result = required(events.reduce(evolveBook, book), assignment);
  mustFit([...book.assignments.values()], result.terms, policy.maxAssignments, on);
  const later = pendingFor(book, group.group).find((one) => one.on > on && covers(result.terms, one.on));
  if (later) {
    const facts = { type: 'RegistrationMade', occurredAt: later.on, revision: later.revision };
    throw new Refusal('conflict', 'conflicts-with-later-entry', facts);
  }
  return events;
}

/** The override to record: needed when the policy advises against it, and kept when what it lifts is not known yet. */
export function advised(
  command: Lookups & Advice & Pick<OfAssignment, 'on'> & Pick<Part, 'role' | 'massOrganisation'>,
): Override | undefined {
  const { circumstances, override } = command;
  const missed = mismatches(command.policy, { ...command, ...circumstances });
  if (!override && missed.length === 0) return undefined;
  if (!override) throw new Refusal('conflict', 'mismatch', { mismatches: missed.join(', ') });
  return { reason: override.reason, mismatches: missed };
}

/** Where the member is on the day, in which the group has to be open too. */
export function mustBeThere({ member, circumstances, group, on }: Lookups & { member: MemberId; on: Day }) {
  const stay = stayOn(circumstances.life, on);
  if (!stay) throw new Refusal('conflict', 'member-not-in-cell', { member, on });
  if (!groupOpenOn(group, on)) throw new Refusal('conflict', 'group-not-open', { group: group.group, on });
  return stay;
}

export function required(book: Book, assignment: AssignmentId) {
  const known = book.assignments.get(assignment);
  if (!known) throw new Refusal('not-found', 'assignment-not-found', { id: assignment });
  return known;
}

const pendingFor = (book: Book, group: GroupId): readonly Registration[] =>
  [...book.registrations.values()].filter((registration) => registration.group === group && isPending(registration));

function mustBeNew(book: Book, id: AssignmentId): void {
  if (book.assignments.has(id) || book.registrations.has(id)) throw new Refusal('conflict', 'already-exists', { id });
}

function pendingRegistration(book: Book, { assignment, on }: OfAssignment): Registration {
  const registration = book.registrations.get(assignment);
  if (!registration) throw new Refusal('not-found', 'registration-not-found', { id: assignment });
  if (!isPending(registration)) throw new Refusal('conflict', 'registration-not-pending', { id: assignment });
  if (on < registration.on) throw new Refusal('conflict', 'before-registration', { on: registration.on });
  return registration;
}
