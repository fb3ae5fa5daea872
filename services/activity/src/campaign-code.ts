import { CampaignId } from '@phancong/contracts';
import { Day, type Decider, Refusal } from '@phancong/event-sourcing';
import { z } from 'zod';

/** A stream a code: whoever appends to it first has the code, unless that campaign never came to be. */
export const CampaignCodeEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('CampaignCodeClaimed'), occurredAt: Day, code: z.string(), campaign: CampaignId }),
]);
export type CampaignCodeEvent = z.infer<typeof CampaignCodeEvent>;

export interface ClaimCode {
  readonly code: string;
  readonly campaign: CampaignId;
  readonly on: Day;
  /** Who has the code and has never come to be. */
  readonly lapsed?: CampaignId | undefined;
}

/** Codes that differ only by case are one. */
export const codeStream = (code: string): string => `code-campaign-${code.toLowerCase()}`;

/** The state is the campaign that has the code. */
export const campaignCodeDecider: Decider<CampaignId | undefined, ClaimCode, CampaignCodeEvent> = {
  initialState: undefined,
  decide: ({ code, campaign, on, lapsed }, owner) => {
    if (owner === campaign) return [];
    if (owner !== undefined && owner !== lapsed) throw new Refusal('conflict', 'code-taken', { code, id: owner });
    return [{ type: 'CampaignCodeClaimed', occurredAt: on, code, campaign }];
  },
  evolve: (_, { campaign }) => campaign,
};
