import type { OrganisationId, OrganisationMessage } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import type { Session } from '@phancong/read-models';
import { campaignsIn, daysOf, type Series, type SeriesChanges } from './calendar-series.ts';
import type { Figures } from './figures.ts';
import { OWN, type Places, type Under } from './places.ts';

/** Adds (1) or takes away (-1) what is counted on a day in an organisation, in it and in all that it ever stands under. */
export type RollUp = (series: Series, day: Day, figures: Figures, factor: 1 | -1) => void;

/**
 * Organisations that stand elsewhere after the entries take what is counted in them along: it leaves the series in which it was
 * and enters those in which it is now. Reads the figures as they were before the batch.
 */
export async function moveSeries(
  before: Places,
  after: Places,
  entries: readonly OrganisationMessage[],
  session: Session,
  changes: SeriesChanges,
): Promise<void> {
  for (const id of maybeMoved(after, entries)) {
    const [old, now] = [before.above(id), after.above(id)];
    if (sameAbove(old, now)) continue;
    for (const series of await seriesOf(session, id)) {
      for (const [day, figures] of await daysOf(session, series, OWN)) {
        for (const [organisation, under] of old) {
          if (now.get(organisation) !== under) changes.add({ ...series, organisation }, under, day, figures, -1);
        }
        for (const [organisation, under] of now) {
          if (old.get(organisation) !== under) changes.add({ ...series, organisation }, under, day, figures);
        }
      }
    }
  }
}

/** A move or merger takes whole branches along; otherwise only what is new has a new place. */
function maybeMoved(after: Places, entries: readonly OrganisationMessage[]): Iterable<OrganisationId> {
  if (entries.some(({ type }) => type === 'OrganisationMoved' || type === 'OrganisationMerged'))
    return after.tree.keys();
  return new Set(
    entries.flatMap(({ type, organisation }) => (type === 'OrganisationRegistered' ? [organisation] : [])),
  );
}

const sameAbove = (one: ReadonlyMap<OrganisationId, Under>, other: ReadonlyMap<OrganisationId, Under>): boolean =>
  one.size === other.size && [...one].every(([id, under]) => other.get(id) === under);

async function seriesOf(session: Session, organisation: OrganisationId): Promise<Series[]> {
  const campaigns = await campaignsIn(session, organisation);
  return [
    { of: 'coverage', organisation },
    { of: 'results', organisation },
    ...campaigns.map((campaign) => ({ of: 'results', organisation, campaign }) as const),
  ];
}
