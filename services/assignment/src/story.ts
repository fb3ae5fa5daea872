import { type AssignmentTerms, covers, evolveTerms, type Span } from '@phancong/contracts';
import type { Day, Revision } from '@phancong/event-sourcing';
import type { BookEvent } from './book-event.ts';

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

export const afterEvent = (terms: AssignmentTerms, event: LifeEvent): AssignmentTerms =>
  evolveTerms([terms], event)[0] ?? terms;

/** After the entries of the same day. */
export const inserted = (entries: readonly Entry[], entry: Entry): readonly Entry[] =>
  [...entries, entry].toSorted(({ event: { occurredAt: one } }, { event: { occurredAt: other } }) =>
    one < other ? -1 : one > other ? 1 : 0,
  );

/** What comes of the entries when the story is told by days. */
export const told = (base: AssignmentTerms, entries: readonly Entry[]): AssignmentTerms =>
  entries.reduce((terms, { event }) => afterEvent(terms, event), base);

type Impossible = 'assignment-not-active' | 'already-suspended' | 'not-suspended';

/** The first entry that cannot have happened when the story is told by days, and why. */
export function impossible(
  base: AssignmentTerms,
  entries: readonly Entry[],
): { readonly entry: Entry; readonly code: Impossible } | undefined {
  let terms = base;
  for (const entry of entries) {
    const code = refusalOf(terms, entry.event);
    if (code) return { entry, code };
    terms = afterEvent(terms, entry.event);
  }
  return undefined;
}

function refusalOf(terms: AssignmentTerms, event: LifeEvent): Impossible | undefined {
  const on = event.occurredAt;
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

const overlaps = (span: Span, until: Day | undefined, from: Day): boolean =>
  (until === undefined || span.from < until) && (span.until === undefined || from < span.until);
