import type { OrganisationId } from '@phancong/contracts';
import type { Day, Instant } from '@phancong/event-sourcing';
import { type Campaign, campaigns } from '../facts/campaigns.ts';
import { organisationOn, type Part, partsOn } from '../facts/organisations.ts';
import { type Figures, isNone, none, plus } from '../figures.ts';
import { type Knowledge, treesFor } from '../knowledge.ts';
import { type Grouped, resultsNow, resultsThen } from './grouped-results.ts';
import type { Results, ResultsAnswer } from './results-answer.ts';

export interface ResultsQuestion {
  readonly organisation: OrganisationId;
  /** First and last day of what was done. */
  readonly from: Day;
  readonly to: Day;
  /** Day of the tree by which cells are added up. */
  readonly asOf: Day;
  /** As it was known then; as it is known now, if not given. */
  readonly knownAt?: Instant | undefined;
  readonly by: 'organisation' | 'campaign' | 'year';
}

/** @throws Refusal not-found */
export async function results(knowledge: Knowledge, question: ResultsQuestion): Promise<ResultsAnswer> {
  const { organisation, from, to, asOf, knownAt, by } = question;
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
  const answer = { organisation: named, from, to, asOf, knownAt: knownAt ?? knowledge.now(), position };
  const total = resultsIn(grouped.total);
  switch (by) {
    case 'organisation':
      return {
        ...answer,
        ...total,
        parts: byPart(parts, grouped).map(([part, figures]) => ({ ...part, ...resultsIn(figures) })),
      };
    case 'campaign':
      return { ...answer, ...total, parts: await byCampaign(knowledge, grouped) };
    case 'year':
      return { ...answer, ...total, parts: byYear(grouped) };
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
  { reader }: Knowledge,
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
