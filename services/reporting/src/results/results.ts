import type { OrganisationId } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import type { Reader } from '@phancong/read-models';
import { type AskedWhen, asKnown, type Known } from '../as-known.ts';
import { type Campaign, campaigns } from '../facts/campaigns.ts';
import { type Part, partsOn } from '../facts/organisations.ts';
import { type Figures, isNone, none, plus } from '../figures.ts';
import type { Knowledge } from '../knowledge.ts';
import { type Grouped, groupedResults } from './grouped-results.ts';
import type { Results, ResultsAnswer } from './results-answer.ts';

export interface ResultsQuestion extends AskedWhen {
  readonly organisation: OrganisationId;
  /** First and last day of what was done. */
  readonly from: Day;
  readonly to: Day;
  /** Day of the tree by which cells are added up. */
  readonly asOf: Day;
  readonly by: 'organisation' | 'campaign' | 'year';
}

/** @throws Refusal not-found */
export const results = (knowledge: Knowledge, question: ResultsQuestion): Promise<ResultsAnswer> =>
  asKnown(knowledge, 'results', question, (known) => resultsKnown(known, question));

async function resultsKnown(known: Known, question: ResultsQuestion) {
  const { organisation, from, to, asOf, by } = question;
  const asked = { organisation: known.named(organisation, asOf), from, to, asOf };
  const parts = partsOn(known.places, organisation, asOf);
  const ids = parts.map((part) => part.organisation.id);
  const grouped = await groupedResults(known, ids, question);
  const answer = { ...asked, ...resultsIn(grouped.total) };
  switch (by) {
    case 'organisation':
      return {
        ...answer,
        parts: byPart(parts, grouped).map(([part, figures]) => ({ ...part, ...resultsIn(figures) })),
      };
    case 'campaign':
      return { ...answer, parts: await byCampaign(known.reader, grouped) };
    case 'year':
      return { ...answer, parts: byYear(grouped) };
  }
}

export const resultsIn = (figures: Figures): Results => ({
  savings: figures['savings'] ?? 0,
  charity: figures['charity'] ?? 0,
  bloodDonations: figures['bloodDonations'] ?? 0,
  introduced: figures['introduced'] ?? 0,
  trained: figures['trained'] ?? 0,
  admitted: figures['admitted'] ?? 0,
  reached: figures['reached'] ?? 0,
  visits: figures['visits'] ?? 0,
  activities: figures['activities'] ?? 0,
});

/** Each part to be shown with its figures. */
export function byPart(parts: ReturnType<typeof partsOn>, { groups }: Grouped): (readonly [Part, Figures])[] {
  return parts.flatMap(({ there, ...part }) => {
    const figures = groups.get(part.organisation.id) ?? none;
    return there || !isNone(figures) ? [[part, figures] as const] : [];
  });
}

async function byCampaign(
  reader: Reader,
  { total, groups }: Grouped,
): Promise<({ campaign: Campaign | null } & Results)[]> {
  const ids = [...groups.keys()];
  const opened = await reader.getMany(campaigns, ids);
  const rows = [...opened.values()].flatMap((campaign) => {
    const figures = groups.get(campaign.id) ?? none;
    return isNone(figures) ? [] : [{ campaign, ...resultsIn(figures) }];
  });
  rows.sort((one, other) => (one.campaign.code < other.campaign.code ? -1 : 1));
  const rest = [...groups.values()].reduce((left, figures) => plus(left, figures, -1), total);
  return isNone(rest) ? rows : [...rows, { campaign: null, ...resultsIn(rest) }];
}

const byYear = ({ groups }: Grouped) =>
  [...groups]
    .filter(([, figures]) => !isNone(figures))
    .map(([year, figures]) => ({ year: Number(year), ...resultsIn(figures) }))
    .sort((one, other) => one.year - other.year);
