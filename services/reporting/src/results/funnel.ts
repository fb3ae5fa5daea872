import { organisationOn, partsOn } from '../facts/organisations.ts';
import type { Figures } from '../figures.ts';
import { type Knowledge, treesFor } from '../knowledge.ts';
import { resultsNow, resultsThen } from './grouped-results.ts';
import type { FunnelAnswer, Steps } from './results-answer.ts';
import { byPart, type ResultsQuestion } from './results.ts';

/** @throws Refusal not-found */
export async function funnel(knowledge: Knowledge, asked: Omit<ResultsQuestion, 'by'>): Promise<FunnelAnswer> {
  const { organisation, from, to, asOf, knownAt } = asked;
  const question = { ...asked, by: 'organisation' } as const;
  const position = await knowledge.position();
  const { now, then } = await treesFor(knowledge, knownAt);
  const named = organisationOn(now, organisation, asOf);
  const parts = partsOn(then, organisation, asOf);
  const grouped = knownAt
    ? await resultsThen(knowledge.reader, then, { ...question, knownAt })
    : await resultsNow(
        knowledge.reader,
        parts.map((part) => part.organisation.id),
        question,
      );
  return {
    organisation: named,
    from,
    to,
    asOf,
    knownAt: knownAt ?? knowledge.now(),
    position,
    ...stepsIn(grouped.total),
    parts: byPart(parts, grouped).map(([part, figures]) => ({ ...part, ...stepsIn(figures) })),
  };
}

const stepsIn = (figures: Figures): Steps => ({
  introduced: figures['introduced'] ?? 0,
  trained: figures['trained'] ?? 0,
  admitted: figures['admitted'] ?? 0,
  withdrawn: figures['withdrawn'] ?? 0,
});
