import { MemberId } from '@phancong/contracts';
import { evolveDocuments, type Projection, type Session } from '@phancong/read-models';
import { calendar, countedCampaigns, SeriesChanges } from './calendar-series.ts';
import { campaignFacts, campaigns } from './facts/campaigns.ts';
import { activities, activityFacts, candidateFacts, candidates } from './facts/deeds.ts';
import { heard, heardFacts } from './facts/heard.ts';
import { bookFacts, books, cellsEver, lifeFacts, lives, residents } from './facts/members.ts';
import { isOrganisationMessage, organisationFacts, organisations, Trees } from './facts/organisations.ts';
import { lateEntries, lateFacts, type LatePolicy } from './late-entries/late-entry.ts';
import { moveSeries, type RollUp } from './roll-up.ts';
import { countCoverage } from './coverage/count-coverage.ts';
import { deedsToCount } from './results/count-deeds.ts';

/**
 * All that reporting knows. Facts are kept as they were told; figures are the sums of what each fact amounts to. A batch changes
 * them by the difference between what the facts amounted to before it and amount to after it; facts and figures are
 * committed together, so that figures depend on the facts alone.
 */
export function reportingProjection(policy: LatePolicy): Projection {
  const trees = new Trees();
  const late = lateFacts(policy);
  return {
    name: 'reporting',
    version: 3,
    models: [
      organisations,
      lives,
      books,
      residents,
      activities,
      candidates,
      campaigns,
      calendar,
      countedCampaigns,
      lateEntries,
      heard,
    ],
    sources: ['membership', 'assignment', 'activity'],
    async apply(messages, session) {
      const changes = new SeriesChanges();
      const before = await trees.now(session);
      await evolveDocuments(organisationFacts, messages, session);
      const places = await trees.now(session);
      await moveSeries(before, places, messages.filter(isOrganisationMessage), session, changes);

      await evolveDocuments(lifeFacts, messages, session);
      await evolveDocuments(bookFacts, messages, session);
      await noteResidents(session);
      const countDeeds = await deedsToCount(session);
      await evolveDocuments(activityFacts, messages, session);
      await evolveDocuments(candidateFacts, messages, session);
      await evolveDocuments(campaignFacts, messages, session);
      await evolveDocuments(late, messages, session);
      await evolveDocuments(heardFacts, messages, session);

      const rollUp: RollUp = (series, day, figures, factor) => {
        for (const [organisation, under] of places.above(series.organisation)) {
          changes.add({ ...series, organisation }, under, day, figures, factor);
        }
      };
      await countCoverage(session, rollUp);
      await countDeeds(rollUp);
      await changes.writeTo(session);
    },
  };
}

async function noteResidents(session: Session): Promise<void> {
  for (const { id, before, after } of await session.changes(lives)) {
    if (!after) continue;
    const member = MemberId.parse(id);
    const known = before && cellsEver(before);
    for (const cell of cellsEver(after)) {
      if (!known?.has(cell)) await session.put(residents, `${cell}|${id}`, { cell, member });
    }
  }
}
