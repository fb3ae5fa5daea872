import { CampaignId, type CampaignMessage, type Message } from '@phancong/contracts';
import type { Evolving, ReadModel } from '@phancong/read-models';
import { z } from 'zod';

export const Campaign = z.object({ id: CampaignId, code: z.string(), name: z.string() });
export type Campaign = Readonly<z.infer<typeof Campaign>>;
export const campaigns: ReadModel<Campaign> = { name: 'campaigns', schema: Campaign, indexes: {} };

const isOfCampaign = (message: Message): message is CampaignMessage => message.type === 'CampaignOpened';

export const campaignFacts: Evolving<Campaign> = {
  model: campaigns,
  ids: (message) => (isOfCampaign(message) ? [message.campaign] : []),
  evolve: (known, message) => {
    if (known || !isOfCampaign(message)) return known;
    return { id: message.campaign, code: message.code, name: message.name };
  },
};
