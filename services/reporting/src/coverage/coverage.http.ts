import { Controller, Get, Inject, Query } from '@nestjs/common';
import { Answers, query } from '@phancong/nest';
import type { Day } from '@phancong/event-sourcing';
import { z } from 'zod';
import { asked, AskedDay, Current, excludeExempt, inOrder } from '../asked.ts';
import type { Knowledge } from '../knowledge.ts';
import { KNOWLEDGE, POLICY, type ReportingPolicy, TODAY } from '../ports.ts';
import { coverage } from './coverage.ts';
import { CoverageAnswer, CoverageTrend } from './coverage-answer.ts';
import { coverageTrend, TrendStep } from './coverage-trend.ts';

const AskCoverage = query({
  organisation: asked.organisation,
  asOf: asked.asOf('today'),
  knownAt: asked.knownAt,
  by: z.enum(['organisation', 'groupKind']).default('organisation').meta({
    description:
      'The direct parts of the organisation, or kinds of groups. Who is assigned to groups of two kinds counts in each: kinds do not add up.',
  }),
  excludeExempt,
});
type AskCoverage = z.infer<typeof AskCoverage>;

const AskTrend = query({
  organisation: asked.organisation,
  from: AskedDay.meta({ description: 'A day of the first step.' }),
  to: AskedDay.meta({
    description: 'The last day; the last step ends on it, if that comes before the end of the step.',
  }),
  step: TrendStep.default('month').meta({ description: 'Each step is told by its last day.' }),
  excludeExempt,
});
type AskTrend = z.infer<typeof AskTrend>;

@Controller('reporting/coverage')
export class CoverageController {
  constructor(
    @Inject(KNOWLEDGE) private readonly knowledge: Knowledge,
    @Inject(POLICY) private readonly policy: ReportingPolicy,
    @Inject(TODAY) private readonly today: () => Day,
  ) {}

  @Get()
  @Answers('Coverage of an organisation on a day, by its parts or by kinds of groups', CoverageAnswer)
  async coverage(
    @Query({ schema: AskCoverage }) question: AskCoverage,
    @Current() current: boolean,
  ): Promise<CoverageAnswer> {
    const { asOf = this.today(), excludeExempt = this.policy.excludeExempt } = question;
    return coverage(this.knowledge, { ...question, asOf, excludeExempt, current });
  }

  @Get('trend')
  @Answers('Coverage on the last day of each month, quarter or year', CoverageTrend)
  async trend(@Query({ schema: AskTrend }) question: AskTrend): Promise<CoverageTrend> {
    inOrder(question.from, question.to);
    const { excludeExempt = this.policy.excludeExempt } = question;
    return coverageTrend(this.knowledge, { ...question, excludeExempt });
  }
}
