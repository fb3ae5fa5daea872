import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Answers, page, query } from '@phancong/nest';
import { z } from 'zod';
import { asked, AskedDay, inOrder } from '../asked.ts';
import type { Knowledge } from '../knowledge.ts';
import { KNOWLEDGE } from '../ports.ts';
import { LateEntriesAnswer, lateEntriesIn } from './late-entries.ts';

const AskLateEntries = query({
  organisation: asked.organisation.optional().meta({
    description: 'Only what concerns it, or members who were in it or below it on the day that the entry is about.',
  }),
  from: AskedDay.optional().meta({ description: 'First day on which they were written down.' }),
  to: AskedDay.optional().meta({ description: 'Last day on which they were written down.' }),
  ...page,
});
type AskLateEntries = z.infer<typeof AskLateEntries>;

@Controller('reporting/late-entries')
export class LateEntriesController {
  constructor(@Inject(KNOWLEDGE) private readonly knowledge: Knowledge) {}

  /** `from` and `to` are days on which entries were written down. */
  @Get()
  @Answers(
    'Entries written down long after they were true, in the order in which they were written down',
    LateEntriesAnswer,
  )
  async list(@Query({ schema: AskLateEntries }) question: AskLateEntries): Promise<z.infer<typeof LateEntriesAnswer>> {
    const { from, to } = question;
    if (from !== undefined && to !== undefined) inOrder(from, to);
    const { items, next } = await lateEntriesIn(this.knowledge, question);
    return { items: items.map(({ id, doc }) => ({ id, ...doc })), next };
  }
}
