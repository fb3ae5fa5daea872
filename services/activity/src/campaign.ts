import { CampaignId, covers } from '@phancong/contracts';
import { Day, type Decider, Refusal } from '@phancong/event-sourcing';
import { z } from 'zod';

/** The life of one campaign (phong trào, cuộc vận động). `occurredAt` is its first day. */
export const CampaignEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('CampaignOpened'),
    occurredAt: Day,
    campaign: CampaignId,
    code: z.string(),
    name: z.string(),
    until: Day.optional(),
  }),
]);
export type CampaignEvent = z.infer<typeof CampaignEvent>;

/** Open on the days `from ≤ day < until`; without `until` it goes on. */
export interface Campaign {
  readonly campaign: CampaignId;
  readonly code: string;
  readonly name: string;
  readonly from: Day;
  readonly until?: Day | undefined;
}

export type CampaignCommand = { readonly type: 'open' } & Campaign;

export const campaignStream = (campaign: CampaignId): string => `campaign-${campaign}`;

export const openOn = (campaign: Campaign, day: Day): boolean => covers(campaign, day);

export const campaignDecider: Decider<Campaign | undefined, CampaignCommand, CampaignEvent> = {
  initialState: undefined,
  decide: (command, state) => {
    const { campaign, code, name, from, until } = command;
    if (state) throw new Refusal('conflict', 'already-exists', { id: campaign });
    if (until !== undefined && until <= from) throw new Refusal('invalid', 'ends-before-it-begins', { from, until });
    return [{ type: 'CampaignOpened', occurredAt: from, campaign, code, name, until }];
  },
  evolve: (_, { campaign, code, name, occurredAt, until }) => ({ campaign, code, name, from: occurredAt, until }),
};
