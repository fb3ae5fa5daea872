import { type AssignmentId, MemberId } from '@phancong/contracts';
import { Day, Instant, type RecordedEvent } from '@phancong/event-sourcing';
import { z } from 'zod';
import { bookCodec } from './book-event.ts';
import { type Book, emptyBook, evolveBook } from './book-story.ts';
import { AssignmentView, assignmentView, RegistrationView, registrationView } from './views.ts';

/** One entry of the book about an assignment or registration, and how that stood after it. */
export const HistoryItem = z
  .object({
    event: z.string(),
    by: z.string(),
    occurredOn: Day,
    recordedAt: Instant,
    reason: z.string().optional(),
    after: z.union([AssignmentView, RegistrationView]),
  })
  .meta({ id: 'HistoryItem' });
export type HistoryItem = z.infer<typeof HistoryItem>;

/** The book as it was known at the instant; as it is known now without one. */
export const bookThen = (events: readonly RecordedEvent[], knownAt?: Instant): Book =>
  upTo(events, knownAt).reduce((book, event) => evolveBook(book, bookCodec.decode(event)), emptyBook);

/**
 * What was written about the assignment, in that order.
 * @param asOf leaves out what was true only later; `after` tells how the assignment stood on that day
 */
export function historyOf(
  id: AssignmentId,
  events: readonly RecordedEvent[],
  {
    asOf,
    knownAt,
    today,
  }: { readonly asOf?: Day | undefined; readonly knownAt?: Instant | undefined; readonly today: Day },
): readonly HistoryItem[] {
  const items: HistoryItem[] = [];
  let book = emptyBook;
  for (const recorded of upTo(events, knownAt)) {
    const event = bookCodec.decode(recorded);
    book = evolveBook(book, event);
    const concerned = event.assignment === id || ('registration' in event && event.registration === id);
    if (!concerned || (asOf !== undefined && event.occurredAt > asOf)) continue;
    const after = viewOf(book, MemberId.parse(event.member), id, asOf ?? today);
    const { by, recordedAt } = recorded;
    if (after)
      items.push({ event: event.type, by, occurredOn: event.occurredAt, recordedAt, reason: reasonOf(event), after });
  }
  return items;
}

const upTo = (events: readonly RecordedEvent[], knownAt: Instant | undefined): readonly RecordedEvent[] =>
  knownAt === undefined ? events : events.filter(({ recordedAt }) => recordedAt <= knownAt);

function viewOf(book: Book, member: MemberId, id: AssignmentId, day: Day): HistoryItem['after'] | undefined {
  const assignment = book.assignments.get(id);
  if (assignment) return assignmentView(member, assignment, day);
  const registration = book.registrations.get(id);
  return registration && registrationView(member, registration);
}

/** In the committee's words, or the rule that applied. */
function reasonOf(event: ReturnType<typeof bookCodec.decode>): string | undefined {
  switch (event.type) {
    case 'AssignmentMade':
      return event.override?.reason;
    case 'AssignmentHandedOver':
      return event.cause ?? event.override?.reason;
    case 'AssignmentEnded':
    case 'AssignmentCorrected':
      return event.reason ?? event.cause;
    case 'RegistrationDeclined':
    case 'AssignmentSuspended':
      return event.reason;
    case 'HandOverRefused':
      return event.code;
    case 'RegistrationMade':
    case 'AssignmentContentChanged':
    case 'AssignmentResumed':
      return undefined;
  }
}
