import { activeOn, type AssignmentTerms } from '@phancong/contracts';
import { type Day, Refusal } from '@phancong/event-sourcing';
import type { Assignment } from './book-story.ts';

/** Whether the book has room for it. */
export function fits(others: readonly Assignment[], changed: AssignmentTerms, max: number): boolean {
  try {
    mustFit(others, changed, max, changed.from);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/**
 * A member has one active assignment to a group at most, and `max` in all. Looks at the days on which `changed` is
 * active, so that a book which a stricter policy would not allow today can still be corrected.
 * @param on the day of the entry that is being written: what goes wrong only later is blamed on the later entry
 * @throws Refusal `already-assigned` | `too-many-assignments` | `conflicts-with-later-entry`
 */
export function mustFit(others: readonly Assignment[], changed: AssignmentTerms, max: number, on: Day): void {
  const days = [changed, ...others.map(({ terms }) => terms)].flatMap(beginnings).sort();
  for (const day of days) {
    if (!activeOn(changed, day)) continue;
    const active = others.filter(({ terms }) => activeOn(terms, day));
    const twin = active.find(({ terms }) => terms.group === changed.group);
    if (!twin && active.length < max) continue;
    const later = active.find(({ terms }) => day > on && beginnings(terms).includes(day));
    if (later) throw new Refusal('conflict', 'conflicts-with-later-entry', beginning(later, day));
    throw twin
      ? new Refusal('conflict', 'already-assigned', { group: changed.group, on: day })
      : new Refusal('conflict', 'too-many-assignments', { max, on: day });
  }
}

/** Days on which an assignment becomes active. */
const beginnings = (terms: AssignmentTerms): readonly Day[] => [
  terms.from,
  ...terms.suspensions.flatMap(({ until }) => until ?? []),
];

/** The entry that made it active on the day. */
const beginning = ({ terms, since, entries }: Assignment, day: Day) => {
  const resumed = entries.findLast(({ event }) => event.type === 'AssignmentResumed' && event.occurredAt === day);
  return resumed
    ? { type: resumed.event.type, occurredAt: day, revision: resumed.revision }
    : { type: since.type, occurredAt: terms.from, revision: since.revision };
};
