import type { Day } from '@phancong/event-sourcing';
import type { AssignmentTerms, BookMessage } from './assignment.ts';
import { covers, type Facts, type Span } from './message.ts';

/** A message of a member's book without what only the feed needs. */
export type BookFact = Facts<BookMessage>;

/** The assignments of one member after a message of the member's book, in the order in which they were made. */
export function evolveTerms(all: readonly AssignmentTerms[], message: BookFact): readonly AssignmentTerms[] {
  const on = message.occurredAt;
  const change = (step: (terms: AssignmentTerms) => AssignmentTerms): readonly AssignmentTerms[] =>
    all.map((terms) => (terms.assignment === message.assignment ? step(terms) : terms));
  switch (message.type) {
    case 'AssignmentMade': {
      const { assignment, group, groupKind, origin } = message;
      return [...all, { assignment, group, groupKind, origin, from: on, suspensions: [] }];
    }
    case 'AssignmentSuspended':
      return change((terms) => ({
        ...terms,
        suspensions: inOrder([...terms.suspensions, { from: on, until: message.until }]),
      }));
    case 'AssignmentResumed':
      return change((terms) => ({
        ...terms,
        suspensions: terms.suspensions.map((span) => (covers(span, on) ? { ...span, until: on } : span)),
      }));
    case 'AssignmentEnded':
    case 'AssignmentHandedOver':
      return change((terms) => (terms.until !== undefined && terms.until <= on ? terms : { ...terms, until: on }));
    case 'AssignmentCorrected':
      return change(() => message.terms);
    case 'AssignmentContentChanged':
    case 'RegistrationMade':
    case 'RegistrationDeclined':
    case 'HandOverRefused':
      return all;
  }
}

/** By days, so that late entries leave the same terms as those in time. */
const inOrder = (spans: readonly Span[]): Span[] =>
  spans.toSorted((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));

/** Active: begun, not ended, not suspended on that day. An assignment that ends on its first day never was. */
export const activeOn = (terms: AssignmentTerms, day: Day): boolean =>
  covers(terms, day) && !terms.suspensions.some((span) => covers(span, day));
