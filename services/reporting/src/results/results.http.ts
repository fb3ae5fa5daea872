import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Day } from '@phancong/event-sourcing';
import { Answers, query } from '@phancong/nest';
import { z } from 'zod';
import { asked, AskedDay, Current, inOrder } from '../asked.ts';
import type { Knowledge } from '../knowledge.ts';
import { KNOWLEDGE, TODAY } from '../ports.ts';
import { funnel } from './funnel.ts';
import { results } from './results.ts';
import { FunnelAnswer, ResultsAnswer } from './results-answer.ts';

/** All that was ever done until today, unless told. */
const range = {
  organisation: asked.organisation,
  from: AskedDay.default(Day.parse('1900-01-01')).meta({
    description: 'First day of what was done; all, unless told.',
  }),
  to: AskedDay.optional().meta({ description: 'Last day of what was done; today unless told.' }),
  asOf: asked.asOf('`to`'),
  knownAt: asked.knownAt,
};

const AskResults = query({
  ...range,
  by: z.enum(['organisation', 'campaign', 'year']).default('organisation').meta({
    description:
      'The direct parts of the organisation, campaigns (with a part of no campaign, `null`), or years of the calendar, as far as anything was done.',
  }),
});
type AskResults = z.infer<typeof AskResults>;
const AskFunnel = query(range);
type AskFunnel = z.infer<typeof AskFunnel>;

@Controller('reporting')
export class ResultsController {
  constructor(
    @Inject(KNOWLEDGE) private readonly knowledge: Knowledge,
    @Inject(TODAY) private readonly today: () => Day,
  ) {}

  @Get('results')
  @Answers('What was done in a range of days, by parts, campaigns or years', ResultsAnswer)
  async results(
    @Query({ schema: AskResults }) question: AskResults,
    @Current() current: boolean,
  ): Promise<ResultsAnswer> {
    return results(this.knowledge, { ...question, ...this.#days(question), current });
  }

  @Get('funnel')
  @Answers('Candidates introduced, trained, admitted and withdrawn in a range of days', FunnelAnswer)
  async funnel(@Query({ schema: AskFunnel }) question: AskFunnel, @Current() current: boolean): Promise<FunnelAnswer> {
    return funnel(this.knowledge, { ...question, ...this.#days(question), current });
  }

  #days({ from, to = this.today(), asOf = to }: AskFunnel) {
    inOrder(from, to);
    return { from, to, asOf };
  }
}
