import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { AssignmentId, covers, GroupId, MemberId, OrganisationId } from '@phancong/contracts';
import { Day, type EventStore, Instant } from '@phancong/event-sourcing';
import { Answers, page, query } from '@phancong/nest';
import { z } from 'zod';
import { bookStream } from './assignment-book.ts';
import type { Desk } from './desk.ts';
import { bookThen, HistoryItem, historyOf } from './history.ts';
import { firstPage, keyAt } from './keyset.ts';
import { DESK, STORE, SUGGESTIONS, TODAY } from './ports.ts';
import { type SuggestionOptions, Suggestion, suggestions } from './suggestions.ts';
import { AssignmentView, assignmentViews } from './views.ts';

/** Any RFC 3339 instant; kept as UTC with milliseconds. */
const AnyInstant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text).toISOString())
  .pipe(Instant);
const ThenQuery = query({ asOf: Day.optional(), knownAt: AnyInstant.optional() });
type ThenQuery = z.infer<typeof ThenQuery>;
const SuggestQuery = query({
  organisation: OrganisationId,
  group: GroupId.optional(),
  asOf: Day.optional(),
  ...page,
});
type SuggestQuery = z.infer<typeof SuggestQuery>;

const Assignments = z.object({ items: z.array(AssignmentView) });
const History = z.object({ items: z.array(HistoryItem) });
const SuggestionPage = z.object({ items: z.array(Suggestion), next: z.string().optional() });

@Controller('assignment')
export class RecordsController {
  constructor(
    @Inject(DESK) private readonly desk: Desk,
    @Inject(STORE) private readonly store: EventStore,
    @Inject(SUGGESTIONS) private readonly suggesting: SuggestionOptions,
    @Inject(TODAY) private readonly today: () => Day,
  ) {}

  /** Straight from the member's book: all of it, or what runs on `asOf`, as it was known at `knownAt`. */
  @Get('members/:id/assignments')
  @Answers('The assignments of a member', Assignments)
  async ofMember(
    @Param('id', { schema: MemberId }) member: MemberId,
    @Query({ schema: ThenQuery }) { asOf, knownAt }: ThenQuery,
  ): Promise<z.infer<typeof Assignments>> {
    const events = await this.store.readStream(bookStream(member));
    if (events.length === 0) await this.desk.mustKnow(member);
    const views = assignmentViews(member, bookThen(events, knownAt), asOf ?? this.today());
    return { items: views.filter((view) => asOf === undefined || covers(view, asOf)) };
  }

  @Get('assignments/:id/history')
  @Answers('What was written about an assignment', History)
  async history(
    @Param('id', { schema: AssignmentId }) id: AssignmentId,
    @Query({ schema: ThenQuery }) { asOf, knownAt }: ThenQuery,
  ): Promise<z.infer<typeof History>> {
    const { member } = await this.desk.find(id);
    const events = await this.store.readStream(bookStream(member));
    return { items: [...historyOf(id, events, { asOf, knownAt, today: this.today() })] };
  }

  @Get('suggestions')
  @Answers('Members with room for another assignment, and the groups that fit by the policy', SuggestionPage)
  suggest(@Query({ schema: SuggestQuery }) { organisation, group, asOf = this.today(), limit, cursor }: SuggestQuery) {
    return firstPage(suggestions(this.suggesting, { organisation, group, on: asOf }, keyAt(cursor)), limit);
  }
}
