import { activeOn, ActivityId, type AssignmentTerms, type CampaignId, Deed, MemberId } from '@phancong/contracts';
import { Day, type Decider, Refusal } from '@phancong/event-sourcing';
import { z } from 'zod';
import { type Campaign, openOn } from './campaign.ts';

const facts = { occurredAt: Day, activity: ActivityId, member: MemberId };

/** The life of one activity (hoạt động). `occurredAt` is the day of the deed. The note and the reasons stay in this service. */
export const ActivityEvent = z.discriminatedUnion('type', [
  z.object({ ...facts, type: z.literal('ActivityLogged'), deed: Deed, note: z.string().optional() }),
  /** The whole deed as it should have been logged. */
  z.object({
    ...facts,
    type: z.literal('ActivityAmended'),
    deed: Deed,
    note: z.string().optional(),
    reason: z.string(),
  }),
  z.object({ ...facts, type: z.literal('ActivityVoided'), reason: z.string() }),
]);
export type ActivityEvent = z.infer<typeof ActivityEvent>;

/** What a client tells of a deed; member and group follow from the assignment. */
export type Account = Omit<Deed, 'member' | 'group'>;

/** What the rules need to know of others: the member's assignments, the campaign named, and which day it is. */
export interface Known {
  readonly assignments: readonly AssignmentTerms[];
  readonly campaigns: readonly Campaign[];
  readonly today: Day;
}

/** Fields left out stay as they are; `campaign: null` takes the activity out of its campaign. */
export type Changes = { readonly [Field in Exclude<keyof Account, 'campaign'>]?: Account[Field] | undefined } & {
  readonly campaign?: CampaignId | null | undefined;
};

export type ActivityCommand =
  | {
      readonly type: 'log';
      readonly activity: ActivityId;
      readonly member: MemberId;
      readonly account: Account;
      readonly note?: string | undefined;
      readonly known: Known;
    }
  | {
      readonly type: 'amend';
      readonly changes: Changes;
      readonly note?: string | undefined;
      readonly reason: string;
      readonly known: Known;
    }
  | { readonly type: 'void'; readonly reason: string };

export interface Activity {
  readonly activity: ActivityId;
  readonly deed: Deed;
  readonly note?: string | undefined;
  readonly voided: boolean;
}

export const activityStream = (activity: ActivityId): string => `activity-${activity}`;

export const activityDecider: Decider<Activity | undefined, ActivityCommand, ActivityEvent> = {
  initialState: undefined,
  decide: (command, state) => {
    if (command.type === 'log') {
      const { activity, member, account, note, known } = command;
      if (state) throw new Refusal('conflict', 'already-exists', { id: activity });
      const deed = deedOf(member, account, known);
      return [{ type: 'ActivityLogged', occurredAt: deed.on, activity, member, deed, note }];
    }
    if (!state) throw new Refusal('not-found', 'activity-not-found');
    const { activity, deed, note, voided } = state;
    if (voided) throw new Refusal('conflict', 'activity-voided', { id: activity });
    const member = deed.member;
    switch (command.type) {
      case 'amend': {
        const amended = deedOf(member, changed(deed, command.changes), command.known);
        const newNote = command.note ?? note;
        if (sameDeed(deed, amended) && newNote === note) return [];
        const { reason } = command;
        return [
          { type: 'ActivityAmended', occurredAt: amended.on, activity, member, deed: amended, note: newNote, reason },
        ];
      }
      case 'void':
        return [{ type: 'ActivityVoided', occurredAt: deed.on, activity, member, reason: command.reason }];
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'ActivityLogged':
      case 'ActivityAmended':
        return { activity: event.activity, deed: event.deed, note: event.note, voided: false };
      case 'ActivityVoided':
        return state && { ...state, voided: true };
    }
  },
};

/** @throws Refusal unless the assignment was active, and the campaign open, on the day of the deed */
function deedOf(member: MemberId, account: Account, { assignments, campaigns, today }: Known): Deed {
  const { assignment, campaign, on } = account;
  if (on > today) throw new Refusal('invalid', 'day-in-future', { on, today });
  const terms = assignments.find((each) => each.assignment === assignment);
  if (!terms) throw new Refusal('not-found', 'assignment-not-found', { id: assignment });
  const { from, until } = terms;
  if (!activeOn(terms, on))
    throw new Refusal('conflict', 'assignment-not-active', {
      id: assignment,
      on,
      from,
      ...(until !== undefined && { until }),
    });
  if (campaign !== undefined) {
    const named = campaigns.find((each) => each.campaign === campaign);
    if (!named) throw new Refusal('not-found', 'campaign-not-found', { id: campaign });
    if (!openOn(named, on)) throw new Refusal('conflict', 'campaign-not-open', { id: campaign, on });
  }
  return { ...account, member, group: terms.group };
}

const changed = (deed: Deed, changes: Changes): Account => ({
  assignment: changes.assignment ?? deed.assignment,
  kind: changes.kind ?? deed.kind,
  campaign: changes.campaign === null ? undefined : (changes.campaign ?? deed.campaign),
  on: changes.on ?? deed.on,
  reached: changes.reached ?? deed.reached,
  visits: changes.visits ?? deed.visits,
  savings: changes.savings ?? deed.savings,
  charity: changes.charity ?? deed.charity,
  bloodDonations: changes.bloodDonations ?? deed.bloodDonations,
});

const sameDeed = (one: Deed, other: Deed): boolean =>
  Deed.keyof().options.every((field) => one[field] === other[field]);
