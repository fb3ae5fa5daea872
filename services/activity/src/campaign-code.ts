import { CampaignId } from '@phancong/contracts';
import { Claims, Day, type EventStore, eventCodec } from '@phancong/event-sourcing';
import { z } from 'zod';

/** A stream a code: the last event says which campaign the code was claimed for. */
export const CampaignCodeEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('CampaignCodeClaimed'), occurredAt: Day, code: z.string(), campaign: CampaignId }),
]);
export type CampaignCodeEvent = z.infer<typeof CampaignCodeEvent>;

export const campaignCodesIn = (store: EventStore): Claims<CampaignCodeEvent> =>
  new Claims(store, eventCodec(CampaignCodeEvent), ({ campaign }) => campaign);

/** Codes that differ only by case are one. */
export const codeStream = (code: string): string => `code-campaign-${code.toLowerCase()}`;
