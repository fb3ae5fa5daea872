import {
  type AssignmentId,
  type AssignmentTerms,
  type GroupId,
  type GroupKind,
  type MemberId,
  type OrganisationId,
  type Role,
} from '@phancong/contracts';
import type { Day, Revision } from '@phancong/event-sourcing';
import type { BookEvent, Decision, Override } from './book-event.ts';
import { afterEvent, type Entry, inserted } from './story.ts';

export interface Assignment {
  /** As it stands, and as others know it: what was decided, as far as the member's life and the group allow it. */
  readonly terms: AssignmentTerms;
  /** What it was made with, or last corrected to; `entries` tell what was decided since, in order of days. */
  readonly base: AssignmentTerms;
  readonly since: { readonly type: BookEvent['type']; readonly revision: Revision };
  readonly entries: readonly Entry[];
  /** Where the member was on the first day. */
  readonly cell: OrganisationId;
  readonly role: Role;
  readonly massOrganisation?: string | undefined;
  /** Each holds from its day until the next one's. In order of days. */
  readonly contents: readonly { readonly from: Day; readonly content: readonly string[] }[];
  readonly decision?: Decision | undefined;
  readonly override?: Override | undefined;
  readonly takenOverFrom?: AssignmentId | undefined;
  readonly handedOver?: HandedOver | undefined;
}

export interface HandedOver {
  readonly on: Day;
  readonly to: MemberId;
  readonly successor: AssignmentId;
  readonly override?: { readonly reason: string } | undefined;
  /** Why the other member could not take it. */
  readonly refused?: string | undefined;
  /** What had been decided, where not the committee but a leaving or a move has handed it over. */
  readonly decided?: Pick<Assignment, 'base' | 'entries'> | undefined;
}

export interface Registration {
  readonly assignment: AssignmentId;
  readonly group: GroupId;
  readonly groupKind: GroupKind;
  readonly on: Day;
  readonly content: readonly string[];
  readonly revision: Revision;
  /** The assignment that it led to: its own id when it was approved, the committee's when that assigned the member itself. */
  readonly approved?: { readonly on: Day; readonly assignment: AssignmentId } | undefined;
  readonly declined?: { readonly on: Day; readonly reason: string } | undefined;
}

/** One member's book: assignments and registrations by id, in the order in which they were written down. */
export interface Book {
  readonly revision: Revision;
  readonly assignments: ReadonlyMap<AssignmentId, Assignment>;
  readonly registrations: ReadonlyMap<AssignmentId, Registration>;
}

export const emptyBook: Book = { revision: -1, assignments: new Map(), registrations: new Map() };

export const isPending = ({ approved, declined }: Registration): boolean => !approved && !declined;

export const contentOn = ({ contents }: Assignment, day: Day): readonly string[] =>
  (contents.findLast(({ from }) => from <= day) ?? contents[0])?.content ?? [];

export function evolveBook(book: Book, event: BookEvent): Book {
  const revision = book.revision + 1;
  const { assignment: id, occurredAt: on } = event;
  const withAssignment = (changed: Assignment): Book => ({
    ...book,
    revision,
    assignments: new Map(book.assignments).set(id, changed),
  });
  const withRegistration = (to: Book, key: AssignmentId, settled: Partial<Registration>): Book => {
    const known = to.registrations.get(key);
    if (!known) throw new Error(`registration ${key}: ${event.type} before it was made`);
    return { ...to, revision, registrations: new Map(to.registrations).set(key, { ...known, ...settled }) };
  };
  const known = (): Assignment => {
    const assignment = book.assignments.get(id);
    if (!assignment) throw new Error(`assignment ${id}: ${event.type} before it was made`);
    return assignment;
  };
  switch (event.type) {
    case 'RegistrationMade': {
      const { group, groupKind, content } = event;
      const made = { assignment: id, group, groupKind, on, content, revision };
      return { ...book, revision, registrations: new Map(book.registrations).set(id, made) };
    }
    case 'RegistrationDeclined':
      return withRegistration(book, id, { declined: { on, reason: event.reason } });
    case 'AssignmentMade': {
      const { cell, role, massOrganisation, content, decision, override, takenOverFrom, registration } = event;
      const made = withAssignment({
        ...{ cell, role, massOrganisation, decision, override, takenOverFrom },
        ...rebased(firstTerms(event), { type: event.type, revision }),
        contents: [{ from: on, content }],
      });
      if (registration === undefined) return made;
      return withRegistration(made, registration, { approved: { on, assignment: id } });
    }
    case 'AssignmentCorrected': {
      const passed = known().handedOver;
      const stands = passed?.on === event.terms.until ? passed : undefined;
      if (event.cause !== undefined) return withAssignment({ ...known(), terms: event.terms, handedOver: stands });
      const { terms, cell, role, massOrganisation, content, override = known().override } = event;
      const contents = content ? [{ from: terms.from, content }] : known().contents;
      const base = rebased(terms, { type: event.type, revision });
      const handedOver = stands && { ...stands, decided: undefined };
      return withAssignment({ ...known(), ...base, cell, role, massOrganisation, contents, override, handedOver });
    }
    case 'HandOverRefused': {
      const { handedOver, entries } = known();
      if (!handedOver) return withAssignment(known());
      const { decided, ...passed } = handedOver;
      const refused = { ...known(), handedOver: { ...passed, refused: event.code } };
      if (!decided) return withAssignment(refused);
      // What nobody took is only cut: should its cause turn out to be wrong, the decision holds again.
      return withAssignment({ ...refused, base: decided.base, entries: entries.reduce(inserted, decided.entries) });
    }
    case 'AssignmentContentChanged':
    case 'AssignmentSuspended':
    case 'AssignmentResumed':
    case 'AssignmentEnded':
    case 'AssignmentHandedOver':
      return withAssignment(withEntry(known(), { event, revision }));
  }
}

const firstTerms = (event: Extract<BookEvent, { type: 'AssignmentMade' }>): AssignmentTerms => {
  const { assignment, group, groupKind, origin, occurredAt: from } = event;
  return { assignment, group, groupKind, origin, from, suspensions: [] };
};

const rebased = (
  terms: AssignmentTerms,
  since: Assignment['since'],
): Pick<Assignment, 'terms' | 'base' | 'since' | 'entries'> => ({ terms, base: terms, since, entries: [] });

/** The assignment after one more entry of any day. */
function withEntry(known: Assignment, entry: Entry): Assignment {
  const { event } = entry;
  const on = event.occurredAt;
  const terms = afterEvent(known.terms, event);
  const decided = { ...known, terms, entries: inserted(known.entries, entry) };
  switch (event.type) {
    case 'AssignmentSuspended':
    case 'AssignmentResumed':
      return decided;
    case 'AssignmentContentChanged': {
      const contents = [...known.contents, { from: on, content: event.content }];
      return {
        ...decided,
        contents: contents.toSorted((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0)),
      };
    }
    case 'AssignmentEnded':
      // A cut was not decided: should its cause turn out to be wrong, the decision holds again.
      return event.cause === undefined ? decided : { ...known, terms };
    case 'AssignmentHandedOver': {
      const { to, successor, override } = event;
      const handedOver = { on, to, successor, override };
      // Whoever took it over has it: it does not come back.
      return event.cause === undefined
        ? { ...decided, handedOver }
        : {
            ...known,
            terms,
            base: terms,
            entries: [],
            handedOver: { ...handedOver, decided: { base: known.base, entries: known.entries } },
          };
    }
  }
}
