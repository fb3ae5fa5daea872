import { Day } from '@phancong/event-sourcing';
import { z } from 'zod';
import { ActivityId, AssignmentId, CampaignId, GroupId, MemberId } from './ids.ts';
import { envelope } from './message.ts';

/** Whole đồng, at most 9 · 10¹⁵. */
export const Dong = z.int().nonnegative();
const Count = z.int().nonnegative();

/** What was done on one day for one assignment. People reached are people; visits and blood donations are turns (lượt). */
export const Deed = z.object({
  assignment: AssignmentId,
  member: MemberId,
  group: GroupId,
  kind: z.string(),
  campaign: CampaignId.optional(),
  on: Day,
  reached: Count,
  visits: Count,
  savings: Dong,
  charity: Dong,
  bloodDonations: Count,
});
export type Deed = z.infer<typeof Deed>;

const campaign = { ...envelope, source: z.literal('activity'), campaign: CampaignId };
const activity = { ...envelope, source: z.literal('activity'), activity: ActivityId, member: MemberId };

export const CampaignMessage = z.discriminatedUnion('type', [
  z.object({
    ...campaign,
    type: z.literal('CampaignOpened'),
    code: z.string(),
    name: z.string(),
    until: Day.optional(),
  }),
]);
export type CampaignMessage = z.infer<typeof CampaignMessage>;

export const ActivityMessageOfDeed = z.discriminatedUnion('type', [
  z.object({ ...activity, type: z.literal('ActivityLogged'), deed: Deed }),
  /** Replaces what was logged. The member stays the same. */
  z.object({ ...activity, type: z.literal('ActivityAmended'), deed: Deed }),
  z.object({ ...activity, type: z.literal('ActivityVoided') }),
]);
export type ActivityMessageOfDeed = z.infer<typeof ActivityMessageOfDeed>;

/** What activity publishes. */
export const ActivityMessage = z.discriminatedUnion('type', [
  ...CampaignMessage.options,
  ...ActivityMessageOfDeed.options,
]);
export type ActivityMessage = z.infer<typeof ActivityMessage>;
