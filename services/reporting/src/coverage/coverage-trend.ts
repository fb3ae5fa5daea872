import type { OrganisationId } from '@phancong/contracts';
import { addDays, Day, Refusal } from '@phancong/event-sourcing';
import { z } from 'zod';
import { readSeries } from '../calendar-series.ts';
import { organisationOn } from '../facts/organisations.ts';
import type { Knowledge } from '../knowledge.ts';
import { coverageIn, coverageSeries } from './coverage.ts';
import type { CoverageTrend } from './coverage-answer.ts';

export const TrendStep = z.enum(['month', 'quarter', 'year']);
export type TrendStep = z.infer<typeof TrendStep>;
const months: Readonly<Record<TrendStep, number>> = { month: 1, quarter: 3, year: 12 };
const MOST_STEPS = 1_200;

export interface TrendQuestion {
  readonly organisation: OrganisationId;
  readonly from: Day;
  readonly to: Day;
  readonly step: TrendStep;
  readonly excludeExempt: boolean;
}
/**
 * The coverage on the last day of each month, quarter or year of the calendar that has a day in the range; of the last one on `to`, if
 * that comes before. Each by the tree of its day.
 * @throws Refusal not-found | invalid `too-many-steps`
 */
export async function coverageTrend(knowledge: Knowledge, question: TrendQuestion): Promise<CoverageTrend> {
  const { organisation, excludeExempt } = question;
  organisationOn(await knowledge.trees.now(knowledge.reader), organisation, question.to);
  const days = stepEnds(question);
  const series = coverageSeries(organisation);
  const upTo = await readSeries(knowledge.reader, [series], days);
  return { items: days.map((asOf) => ({ asOf, ...coverageIn(upTo(series, asOf, asOf), excludeExempt) })) };
}

export function stepEnds({ from, to, step }: Pick<TrendQuestion, 'from' | 'to' | 'step'>): Day[] {
  const size = months[step];
  const stepOf = (day: Day): number => Math.floor((Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1) / size);
  const [first, last] = [stepOf(from), stepOf(to)];
  if (last - first >= MOST_STEPS) throw new Refusal('invalid', 'too-many-steps', { most: MOST_STEPS });
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    if (first + index === last && !isLastDay(to, stepOf)) return to;
    return lastDayBefore((first + index + 1) * size);
  });
}

const isLastDay = (day: Day, stepOf: (day: Day) => number): boolean => stepOf(addDays(day, 1)) > stepOf(day);

/** @param month counted from January of the year 0 */
const lastDayBefore = (month: number): Day => {
  const year = String(Math.floor(month / 12)).padStart(4, '0');
  return addDays(Day.parse(`${year}-${String((month % 12) + 1).padStart(2, '0')}-01`), -1);
};
