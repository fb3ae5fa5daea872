import {
  type AssignmentId,
  type AssignmentTerms,
  covers,
  evolveTerms,
  type GroupId,
  type GroupKind,
  type MemberId,
  type OrganisationId,
  type Role,
} from '@phancong/contracts';
import type { Day, Revision } from '@phancong/event-sourcing';
import type { BookEvent, Decision, Override } from './book-event.ts';

/** What may happen to an assignment between its first day and its last. */
export type LifeEvent = Extract<
  BookEvent,
  {
    readonly type:
      | 'AssignmentContentChanged'
      | 'AssignmentSuspended'
      | 'AssignmentResumed'
      | 'AssignmentEnded'
      | 'AssignmentHandedOver';
  }
>;

export interface Entry {
  readonly event: LifeEvent;
  readonly revision: Revision;
}

export interface Assignment {
  readonly terms: AssignmentTerms;
  /** What it was made with, or last corrected to; `entries` tell what came after, in order of days. */
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
}

export interface Registration {
  readonly assignment: AssignmentId;
  readonly group: GroupId;
  readonly groupKind: GroupKind;
  readonly on: Day;
  readonly content: readonly string[];
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
      const made = { assignment: id, group, groupKind, on, content };
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
      const { terms, cell, role, massOrganisation, content, override = known().override } = event;
      const contents = content ? [{ from: terms.from, content }] : known().contents;
      const base = rebased(terms, { type: event.type, revision });
      const passed = known().handedOver;
      const handedOver = passed?.on === terms.until ? passed : undefined;
      return withAssignment({ ...known(), ...base, cell, role, massOrganisation, contents, override, handedOver });
    }
    case 'HandOverRefused': {
      const { handedOver } = known();
      return withAssignment({ ...known(), handedOver: handedOver && { ...handedOver, refused: event.code } });
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

const afterEvent = (terms: AssignmentTerms, event: LifeEvent): AssignmentTerms =>
  evolveTerms([terms], event)[0] ?? terms;

/** The assignment after one more entry of any day. One that ends it makes what was written of later days void. */
export function withEntry(known: Assignment, entry: Entry): Assignment {
  const { event } = entry;
  const changed = { ...known, entries: inserted(known.entries, entry), terms: afterEvent(known.terms, event) };
  const on = event.occurredAt;
  switch (event.type) {
    case 'AssignmentSuspended':
    case 'AssignmentResumed':
      return changed;
    case 'AssignmentContentChanged':
      return { ...changed, contents: contentsInOrder([...known.contents, { from: on, content: event.content }]) };
    case 'AssignmentEnded':
      return { ...changed, entries: upToEnd(changed.entries, entry) };
    case 'AssignmentHandedOver': {
      const { to, successor, override } = event;
      return {
        ...changed,
        entries: upToEnd(changed.entries, entry),
        handedOver: { on, to, successor, override },
      };
    }
  }
}

const byDay = (one: Day, other: Day): number => (one < other ? -1 : one > other ? 1 : 0);

/** After the entries of the same day. */
export const inserted = (entries: readonly Entry[], entry: Entry): readonly Entry[] =>
  [...entries, entry].toSorted((one, other) => byDay(one.event.occurredAt, other.event.occurredAt));

const contentsInOrder = (contents: Assignment['contents']): Assignment['contents'] =>
  contents.toSorted((one, other) => byDay(one.from, other.from));

const upToEnd = (entries: readonly Entry[], end: Entry): readonly Entry[] =>
  entries.filter((entry) => entry === end || isCut(entry.event) || entry.event.occurredAt < end.event.occurredAt);

/** It follows from what happened to the member or to the group. */
const isCut = (event: LifeEvent): boolean => 'cause' in event && event.cause !== undefined;

/** The first entry that cannot have happened when the story is told by days, and why. */
export function impossible(
  base: AssignmentTerms,
  entries: readonly Entry[],
): { readonly entry: Entry; readonly code: string } | undefined {
  let terms = base;
  for (const entry of entries) {
    const code = refusalOf(terms, entry.event);
    if (code) return { entry, code };
    terms = afterEvent(terms, entry.event);
  }
  return undefined;
}

function refusalOf(terms: AssignmentTerms, event: LifeEvent): string | undefined {
  const on = event.occurredAt;
  if (isCut(event)) return undefined;
  if (!covers(terms, on)) return 'assignment-not-active';
  switch (event.type) {
    case 'AssignmentSuspended':
      return terms.suspensions.some((span) => overlaps(span, event.until, on)) ? 'already-suspended' : undefined;
    case 'AssignmentResumed':
      return terms.suspensions.some((span) => covers(span, on)) ? undefined : 'not-suspended';
    case 'AssignmentContentChanged':
    case 'AssignmentEnded':
    case 'AssignmentHandedOver':
      return undefined;
  }
}

const overlaps = (
  span: { readonly from: Day; readonly until?: Day | undefined },
  until: Day | undefined,
  from: Day,
): boolean => (until === undefined || span.from < until) && (span.until === undefined || from < span.until);
