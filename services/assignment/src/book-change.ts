import { type AssignmentTerms, covers, type Span } from '@phancong/contracts';
import { type Day, Refusal } from '@phancong/event-sourcing';
import type { Change, Correct } from './assignment-book.ts';
import { advised, mustBeThere, required } from './book-beginning.ts';
import type { BookEvent } from './book-event.ts';
import type { Assignment, Book } from './book-story.ts';
import { afterEvent, type Entry, impossible, inserted, type LifeEvent, told } from './story.ts';
import { mustFit } from './crowding.ts';
import { type Cut, cutOf } from './settlement.ts';

/** One more entry of any day: the story as a whole has to stay possible. */
export function change(book: Book, command: Change): readonly BookEvent[] {
  const { assignment, on } = command;
  const known = required(book, assignment);
  const entry = { event: eventOf(command), revision: book.revision + 1 };
  const broken = impossible(known.base, inserted(standing(known), entry));
  if (broken && broken.entry !== entry) {
    const { event, revision } = broken.entry;
    const later = { type: event.type, occurredAt: event.occurredAt, revision };
    throw new Refusal('conflict', 'conflicts-with-later-entry', later);
  }
  const { from, until } = known.terms;
  if (broken)
    throw new Refusal('conflict', broken.code, { assignment, on, from, ...(until !== undefined && { until }) });
  if (!covers(known.terms, on)) {
    throw new Refusal('conflict', 'assignment-not-active', {
      assignment,
      on,
      from,
      ...(until !== undefined && { until }),
    });
  }
  if (command.type === 'resume') {
    mustFit(others(book, known), afterEvent(known.terms, entry.event), command.policy.maxAssignments, on);
  }
  return [entry.event];
}

/** What was decided, without the entries that a cut has made void. */
function standing({ base, entries, terms: { until } }: Assignment): readonly Entry[] {
  const decided = told(base, entries).until;
  const cut = until !== undefined && (decided === undefined || until < decided);
  return cut ? entries.filter(({ event }) => event.occurredAt < until) : entries;
}

function eventOf(command: Change): LifeEvent {
  const { member, assignment, on: occurredAt } = command;
  const entry = { member, assignment, occurredAt };
  switch (command.type) {
    case 'change-content':
      return { ...entry, type: 'AssignmentContentChanged', content: command.content };
    case 'suspend': {
      const { until, reason } = command;
      if (until !== undefined && until <= occurredAt) throw endsBeforeItBegins(occurredAt, until);
      return { ...entry, type: 'AssignmentSuspended', until, reason };
    }
    case 'resume':
      return { ...entry, type: 'AssignmentResumed' };
    case 'hand-over': {
      const { to, successor, override } = command;
      if (to === member) throw new Refusal('invalid', 'hand-over-to-oneself', { member });
      return { ...entry, type: 'AssignmentHandedOver', to, successor, override };
    }
    case 'end':
      return { ...entry, type: 'AssignmentEnded', reason: command.reason };
  }
}

/** What was written down wrongly: the assignment is from now on what the correction says. */
export function correct(book: Book, command: Correct): readonly BookEvent[] {
  const { member, assignment, role, massOrganisation, content, reason, policy } = command;
  const known = required(book, assignment);
  const terms = correctedTerms(known.terms, command);
  const { from: on, until } = terms;
  const as = { role: role ?? known.role, massOrganisation: massOrganisation ?? known.massOrganisation };
  const never = until === on;
  const moved = on !== known.terms.from;
  const cell = never ? known.cell : mustBeThere({ ...command, on }).cell;
  const placed = moved || as.role !== known.role || as.massOrganisation !== known.massOrganisation;
  const override = placed && !never ? advised({ ...command, ...as, on }) : undefined;
  const cut = never ? undefined : cutOf({ terms, cell }, command.circumstances, command.group);
  if (cut) throw outOfPlace(cut, command);
  mustFit(others(book, known), terms, policy.maxAssignments, on);
  const changed = { ...as, content, terms };
  if (!placed && !changed.content && JSON.stringify(terms) === JSON.stringify(known.terms)) return [];
  return [{ type: 'AssignmentCorrected', occurredAt: on, member, assignment, ...changed, cell, reason, override }];
}

function correctedTerms(
  terms: AssignmentTerms,
  { from = terms.from, endedOn = terms.until }: Correct,
): AssignmentTerms {
  const until = endedOn ?? undefined;
  if (until !== undefined && until < from) throw endsBeforeItBegins(from, until);
  const within = (span: Span): Span[] => {
    const clipped = { from: span.from > from ? span.from : from, until: span.until };
    if (span.until !== undefined && span.until <= clipped.from) return [];
    return covers({ from, until }, clipped.from) ? [clipped] : [];
  };
  return { ...terms, from, until, suspensions: terms.suspensions.flatMap(within) };
}

const endsBeforeItBegins = (from: Day, until: Day): Refusal =>
  new Refusal('invalid', 'ends-before-it-begins', { from, until });

function outOfPlace({ on, cause }: Cut, { member, group }: Correct): Refusal {
  switch (cause) {
    case 'member-left':
      return new Refusal('conflict', 'member-not-in-cell', { member, on });
    case 'member-moved':
      return new Refusal('conflict', 'member-moved', { member, on });
    case 'group-closed':
      return new Refusal('conflict', 'group-not-open', { group: group.group, on });
  }
}

const others = (book: Book, known: Assignment): Assignment[] =>
  [...book.assignments.values()].filter((other) => other !== known);
