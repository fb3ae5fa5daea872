import {
  ActivityId,
  AssignmentId,
  type AssignmentTerms,
  CampaignId,
  type Deed,
  GroupId,
  MemberId,
} from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import type { Account, ActivityEvent, Known } from '../activity.ts';
import type { Campaign, CampaignEvent } from '../campaign.ts';

/** Mrs An's assignment to the spinning mill's second shift, and a blood donation there. */
export const day = (text: string): Day => Day.parse(text);
export const an = MemberId.parse('an');
export const hd1 = ActivityId.parse('hd-1');

export const assignment: AssignmentTerms = {
  assignment: AssignmentId.parse('pc-1'),
  group: GroupId.parse('ca-2'),
  groupKind: 'workers',
  origin: 'assigned',
  from: day('2010-01-01'),
  until: day('2011-01-01'),
  suspensions: [{ from: day('2010-06-01'), until: day('2010-07-01') }],
};

export const bloodDrive: Campaign = {
  campaign: CampaignId.parse('hien-mau'),
  code: 'HMND',
  name: 'Hiến máu nhân đạo',
  from: day('2010-02-01'),
  until: day('2010-12-01'),
};

export const opened: Extract<CampaignEvent, { type: 'CampaignOpened' }> = {
  type: 'CampaignOpened',
  occurredAt: bloodDrive.from,
  campaign: bloodDrive.campaign,
  code: 'HMND',
  name: 'Hiến máu nhân đạo',
  until: bloodDrive.until,
};

export const known: Known = { assignments: [assignment], campaigns: [bloodDrive], today: day('2014-12-31') };

export const account: Account = {
  assignment: assignment.assignment,
  kind: 'hiến máu',
  campaign: bloodDrive.campaign,
  on: day('2010-04-07'),
  reached: 25,
  visits: 2,
  savings: 1_500_000,
  charity: 250_000,
  bloodDonations: 6,
};
export const deed: Deed = { ...account, member: an, group: assignment.group };

export const logged: Extract<ActivityEvent, { type: 'ActivityLogged' }> = {
  type: 'ActivityLogged',
  occurredAt: deed.on,
  activity: hd1,
  member: an,
  deed,
  note: 'Tại hội trường',
};
