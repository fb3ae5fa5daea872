import { type ActivityMessageOfDeed, type CampaignMessage, CampaignId, Deed, type Message } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { evolveDocuments, type Projection, type ReadModel } from '@phancong/read-models';
import { z } from 'zod';

/** An activity as it stands now. */
export const LoggedActivity = z.object({
  deed: Deed,
  voided: z.boolean(),
  /** Of the last message of the activity that was taken in. */
  revision: z.int().nonnegative(),
});
export type LoggedActivity = z.infer<typeof LoggedActivity>;

export const loggedActivities: ReadModel<LoggedActivity> = {
  name: 'activities',
  schema: LoggedActivity,
  indexes: {
    'by-day': ({ deed }) => [deed.on],
    'by-assignment': ({ deed }) => [deed.assignment, deed.on],
    'by-member': ({ deed }) => [deed.member, deed.on],
  },
};

export const ListedCampaign = z.object({
  campaign: CampaignId,
  code: z.string(),
  name: z.string(),
  from: Day,
  until: Day.optional(),
  /** Of the last message of the campaign that was taken in. */
  revision: z.int().nonnegative(),
});
export type ListedCampaign = z.infer<typeof ListedCampaign>;

export const listedCampaigns: ReadModel<ListedCampaign> = {
  name: 'campaigns',
  schema: ListedCampaign,
  indexes: { 'by-first-day': ({ from }) => [from] },
};

/** What the lists of activities and campaigns are read from. */
export const logbook: Projection = {
  name: 'logbook',
  version: 2,
  models: [loggedActivities, listedCampaigns],
  sources: ['activity'],
  apply: async (messages, session) => {
    await evolveDocuments(
      {
        model: loggedActivities,
        ids: (message) => (isOfDeed(message) ? [message.activity] : []),
        evolve: evolveActivity,
      },
      messages,
      session,
    );
    await evolveDocuments(
      {
        model: listedCampaigns,
        ids: (message) => (isOfCampaign(message) ? [message.campaign] : []),
        evolve: evolveCampaign,
      },
      messages,
      session,
    );
  },
};

const isOfDeed = (message: Message): message is ActivityMessageOfDeed =>
  message.source === 'activity' && 'activity' in message;

const isOfCampaign = (message: Message): message is CampaignMessage =>
  message.source === 'activity' && 'campaign' in message;

const evolveActivity = (doc: LoggedActivity | undefined, message: Message): LoggedActivity | undefined => {
  if (!isOfDeed(message) || (doc && message.revision <= doc.revision)) return doc;
  const { revision } = message;
  switch (message.type) {
    case 'ActivityLogged':
    case 'ActivityAmended':
      return { deed: message.deed, voided: false, revision };
    case 'ActivityVoided':
      return doc && { ...doc, voided: true, revision };
  }
};

const evolveCampaign = (doc: ListedCampaign | undefined, message: Message): ListedCampaign | undefined => {
  if (!isOfCampaign(message) || (doc && message.revision <= doc.revision)) return doc;
  const { revision } = message;
  switch (message.type) {
    case 'CampaignOpened': {
      const { campaign, code, name, occurredAt: from, until } = message;
      return { campaign, code, name, from, until, revision };
    }
  }
};
