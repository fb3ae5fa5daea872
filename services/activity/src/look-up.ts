import { activeOn, type AssignmentId, type CampaignId, type Deed, type MemberId } from '@phancong/contracts';
import { type CommandHandler, type Day, Refusal } from '@phancong/event-sourcing';
import type { Reader } from '@phancong/read-models';
import type { Known } from './activity.ts';
import { type Campaign, type CampaignCommand, campaignStream } from './campaign.ts';
import { heldAssignments } from './known-assignments/known-assignments.ts';

/**
 * The member whose assignment it is, and what the rules need to know to judge a deed of that member; also if it is
 * to be moved to another assignment, which they know only if it is the same member's.
 */
export type Found = (
  assignment: AssignmentId,
  movedTo?: AssignmentId,
) => { readonly member: MemberId; readonly known: Known };

/**
 * Fetches at once what is known of the assignments and campaigns named.
 * The answer throws Refusal `assignment-not-found` for an assignment that has not been heard of.
 */
export type LookUp = (assignments: readonly AssignmentId[], campaigns: readonly CampaignId[]) => Promise<Found>;

/** Which of these deeds lie outside their assignments by what is known now. */
export async function outsideAssignment(reader: Reader, deeds: readonly Deed[]) {
  const held = await reader.getMany(heldAssignments, [...new Set(deeds.map(({ assignment }) => assignment))]);
  return ({ assignment, on }: Deed): { readonly outsideAssignment?: true } => {
    const known = held.get(assignment);
    return known && !activeOn(known.terms, on) ? { outsideAssignment: true } : {};
  };
}

export const lookUp =
  (reader: Reader, handler: CommandHandler<Campaign | undefined, CampaignCommand>, today: () => Day): LookUp =>
  async (assignments, campaignIds) => {
    const held = await reader.getMany(heldAssignments, assignments);
    const loaded = await Promise.all([...new Set(campaignIds)].map((id) => handler.load(campaignStream(id))));
    const campaigns = loaded.flatMap(({ state }) => state ?? []);
    return (assignment, movedTo = assignment) => {
      const own = held.get(assignment);
      if (!own) throw new Refusal('not-found', 'assignment-not-found', { id: assignment });
      const { member } = own;
      const terms = [own, held.get(movedTo)].flatMap((each) => (each?.member === member ? each.terms : []));
      return { member, known: { assignments: terms, campaigns, today: today() } };
    };
  };
