import { asKnown } from '../as-known.ts';
import { partsOn } from '../facts/organisations.ts';
import type { Figures } from '../figures.ts';
import type { Knowledge } from '../knowledge.ts';
import { groupedResults } from './grouped-results.ts';
import type { FunnelAnswer, Steps } from './results-answer.ts';
import { byPart, type ResultsQuestion } from './results.ts';

/** @throws Refusal not-found */
export const funnel = (knowledge: Knowledge, question: Omit<ResultsQuestion, 'by'>): Promise<FunnelAnswer> =>
  asKnown(knowledge, 'results', question, async (known) => {
    const { organisation, from, to, asOf } = question;
    const asked = { organisation: known.named(organisation, asOf), from, to, asOf };
    const parts = partsOn(known.places, organisation, asOf);
    const ids = parts.map((part) => part.organisation.id);
    const grouped = await groupedResults(known, ids, { ...question, by: 'organisation' });
    return {
      ...asked,
      ...stepsIn(grouped.total),
      parts: byPart(parts, grouped).map(([part, figures]) => ({ ...part, ...stepsIn(figures) })),
    };
  });

const stepsIn = (figures: Figures): Steps => ({
  introduced: figures['introduced'] ?? 0,
  trained: figures['trained'] ?? 0,
  admitted: figures['admitted'] ?? 0,
  withdrawn: figures['withdrawn'] ?? 0,
});
