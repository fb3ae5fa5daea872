import { Controller, Get, Inject, Query } from '@nestjs/common';
import { AssignmentId, MemberId } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { Answers, page, query } from '@phancong/nest';
import type { Reader } from '@phancong/read-models';
import { z } from 'zod';
import { ActivityView, asTold } from '../activity-view.ts';
import { outsideAssignment } from '../look-up.ts';
import { HELD_ASSIGNMENTS, LOGBOOK } from '../ports.ts';
import { loggedActivities } from './logbook.ts';

/** `from` and `to` are the first and the last day wanted. */
const ListActivities = query({
  assignment: AssignmentId.optional(),
  member: MemberId.optional(),
  from: Day.optional(),
  to: Day.optional(),
  ...page,
});
type ListActivities = z.infer<typeof ListActivities>;

const ActivityPage = z.object({ items: z.array(ActivityView), next: z.string().optional() });

const indexFor = ({ assignment, member }: ListActivities) => {
  if (assignment !== undefined) return { index: 'by-assignment', equals: [assignment] };
  return member === undefined ? { index: 'by-day' } : { index: 'by-member', equals: [member] };
};

@Controller('activity/activities')
export class LogbookController {
  constructor(
    @Inject(LOGBOOK) private readonly logbook: Reader,
    @Inject(HELD_ASSIGNMENTS) private readonly held: Reader,
  ) {}

  /** The note is told by the activity itself. */
  @Get()
  @Answers('Activities in order of days; voided ones are listed as such', ActivityPage)
  async list(@Query({ schema: ListActivities }) wanted: ListActivities): Promise<z.infer<typeof ActivityPage>> {
    const { member, from, to, limit, cursor } = wanted;
    const range = { ...(from !== undefined && { from }), ...(to !== undefined && { through: to }) };
    const { items, next } = await this.logbook.find(loggedActivities, { ...indexFor(wanted), ...range, limit, cursor });
    const asked = items.filter(({ doc: { deed } }) => member === undefined || deed.member === member);
    const outside = await outsideAssignment(
      this.held,
      asked.map(({ doc: { deed } }) => deed),
    );
    return {
      items: asked.map(({ id, doc: { deed, voided } }) => ({ id, ...asTold(deed), voided, ...outside(deed) })),
      next,
    };
  }
}
