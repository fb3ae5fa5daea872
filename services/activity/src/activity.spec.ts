import { AssignmentId, CampaignId } from '@phancong/contracts';
import { given } from '@phancong/event-sourcing/testing';
import { type Account, type ActivityCommand, activityDecider, type ActivityEvent, type Changes } from './activity.ts';
import { account, an, assignment, bloodDrive, day, deed, hd1, known, logged } from './testing/samples.ts';

const log = (changes: Partial<Account> = {}, note?: string) => ({
  type: 'log' as const,
  activity: hd1,
  member: an,
  account: { ...account, ...changes },
  note,
  known,
});
const amend = (changes: Changes, note?: string) => ({
  type: 'amend' as const,
  changes,
  note,
  reason: 'Ghi nhầm',
  known,
});
const voided: ActivityEvent = {
  type: 'ActivityVoided',
  occurredAt: deed.on,
  activity: hd1,
  member: an,
  reason: 'Ghi trùng',
};

describe('logging an activity', () => {
  it('credits it to the member and the group of the assignment', () => {
    given(activityDecider).when(log({}, 'Tại hội trường')).then([logged]);
  });

  it('needs no campaign', () => {
    given(activityDecider)
      .when(log({ campaign: undefined }, 'Tại hội trường'))
      .then([{ ...logged, deed: { ...deed, campaign: undefined } }]);
  });

  it('happens once', () => {
    given(activityDecider, [logged]).when(log()).thenRefused('already-exists', { id: 'hd-1' });
  });

  it('needs an assignment of the member', () => {
    given(activityDecider)
      .when(log({ assignment: AssignmentId.parse('pc-9') }))
      .thenRefused('assignment-not-found', { id: 'pc-9' });
  });

  it.each([
    ['before it begins', '2009-12-31'],
    ['on the day on which it ends', '2011-01-01'],
    ['while it is suspended', '2010-06-15'],
  ])('needs an active assignment: not %s', (_, on) => {
    given(activityDecider)
      .when(log({ on: day(on), campaign: undefined }))
      .thenRefused('assignment-not-active', { id: 'pc-1', on, from: '2010-01-01', until: '2011-01-01' });
  });

  it.each(['2010-01-01', '2010-05-31', '2010-07-01', '2010-12-31'])('may be on %s', (on) => {
    const withoutCampaign = { ...deed, on: day(on), campaign: undefined };
    given(activityDecider)
      .when(log({ on: day(on), campaign: undefined }, 'Tại hội trường'))
      .then([{ ...logged, occurredAt: day(on), deed: withoutCampaign }]);
  });

  it('needs a campaign that is known', () => {
    given(activityDecider)
      .when(log({ campaign: CampaignId.parse('la') }))
      .thenRefused('campaign-not-found', { id: 'la' });
  });

  it.each(['2010-01-31', '2010-12-01'])('needs a campaign that is under way: not on %s', (on) => {
    given(activityDecider)
      .when(log({ on: day(on) }))
      .thenRefused('campaign-not-open', { id: 'hien-mau', on });
  });

  it('is not for days to come', () => {
    given(activityDecider)
      .when({ ...log(), known: { ...known, today: day('2010-04-06') } })
      .thenRefused('day-in-future', { on: '2010-04-07', today: '2010-04-06' });
    given(activityDecider)
      .when({ ...log({}, 'Tại hội trường'), known: { ...known, today: deed.on } })
      .then([logged]);
  });
});

describe('amending an activity', () => {
  const amended = { ...logged, type: 'ActivityAmended', reason: 'Ghi nhầm' } as const;

  it('tells the whole deed again, and changes only what is named', () => {
    given(activityDecider, [logged])
      .when(amend({ bloodDonations: 7, on: day('2010-04-08') }))
      .then([
        { ...amended, occurredAt: day('2010-04-08'), deed: { ...deed, bloodDonations: 7, on: day('2010-04-08') } },
      ]);
  });

  it('may change the note alone', () => {
    given(activityDecider, [logged])
      .when(amend({}, 'Tại nhà văn hóa'))
      .then([{ ...amended, note: 'Tại nhà văn hóa' }]);
  });

  it('takes it out of its campaign', () => {
    given(activityDecider, [logged])
      .when(amend({ campaign: null }))
      .then([{ ...amended, deed: { ...deed, campaign: undefined } }]);
  });

  it('is nothing when nothing changes', () => {
    given(activityDecider, [logged])
      .when(amend({ reached: 25, campaign: bloodDrive.campaign }, 'Tại hội trường'))
      .thenNothing();
  });

  it('starts from the last amendment', () => {
    const seven: ActivityEvent = { ...amended, deed: { ...deed, bloodDonations: 7 } };
    given(activityDecider, [logged, seven])
      .when(amend({ visits: 3 }))
      .then([{ ...amended, deed: { ...deed, bloodDonations: 7, visits: 3 } }]);
  });

  it('obeys the rules of logging', () => {
    given(activityDecider, [logged])
      .when(amend({ on: day('2010-06-01') }))
      .thenRefused('assignment-not-active', { id: 'pc-1', on: '2010-06-01', from: '2010-01-01', until: '2011-01-01' });
    given(activityDecider, [logged])
      .when(amend({ assignment: AssignmentId.parse('pc-9') }))
      .thenRefused('assignment-not-found', { id: 'pc-9' });
  });

  it('needs an activity that was logged and not voided', () => {
    given(activityDecider)
      .when(amend({ visits: 3 }))
      .thenRefused('activity-not-found');
    given(activityDecider, [logged, voided])
      .when(amend({ visits: 3 }))
      .thenRefused('activity-voided', { id: 'hd-1' });
  });

  it('may move it to another assignment of the member', () => {
    const other = { ...assignment, assignment: AssignmentId.parse('pc-2') };
    given(activityDecider, [logged])
      .when({ ...amend({ assignment: other.assignment }), known: { ...known, assignments: [assignment, other] } })
      .then([{ ...amended, deed: { ...deed, assignment: other.assignment } }]);
  });
});

describe('voiding an activity', () => {
  const wanted: ActivityCommand = { type: 'void', reason: 'Ghi trùng' };

  it('is told with its reason', () => {
    given(activityDecider, [logged]).when(wanted).then([voided]);
  });

  it('happens once, to an activity that was logged', () => {
    given(activityDecider).when(wanted).thenRefused('activity-not-found');
    given(activityDecider, [logged, voided]).when(wanted).thenRefused('activity-voided', { id: 'hd-1' });
  });
});
