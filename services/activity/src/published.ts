import type { Publish } from '@phancong/event-feed';
import { eventCodec } from '@phancong/event-sourcing';
import { z } from 'zod';
import { ActivityEvent } from './activity.ts';
import { CampaignEvent } from './campaign.ts';
import { CampaignCodeEvent } from './campaign-code.ts';

/** Everything that this service's log may hold. */
export const OwnEvent = z.discriminatedUnion('type', [
  ...CampaignEvent.options,
  ...CampaignCodeEvent.options,
  ...ActivityEvent.options,
]);

export type OwnEvent = z.infer<typeof OwnEvent>;

const codec = eventCodec(OwnEvent);

/** Notes and reasons may name people: they are not published. */
export const publish: Publish = (recorded) => {
  const { id, stream, revision, position, recordedAt, by } = recorded;
  const envelope = { id, source: 'activity' as const, key: stream, revision, position, recordedAt, by };
  const event = codec.decode(recorded);
  switch (event.type) {
    case 'CampaignOpened':
      return { ...envelope, ...event };
    case 'CampaignCodeClaimed':
      return undefined;
    case 'ActivityLogged':
    case 'ActivityAmended': {
      const { type, occurredAt, activity, member, deed } = event;
      return { ...envelope, type, occurredAt, activity, member, deed };
    }
    case 'ActivityVoided': {
      const { type, occurredAt, activity, member } = event;
      return { ...envelope, type, occurredAt, activity, member };
    }
  }
};
