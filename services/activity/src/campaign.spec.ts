import { CampaignId } from '@phancong/contracts';
import { given } from '@phancong/event-sourcing/testing';
import { campaignDecider, openOn } from './campaign.ts';
import { campaignCodeDecider, type CampaignCodeEvent, codeStream } from './campaign-code.ts';
import { bloodDrive, day, opened } from './testing/samples.ts';

describe('a campaign', () => {
  it('is opened from its first day', () => {
    given(campaignDecider)
      .when({ type: 'open', ...bloodDrive })
      .then([opened]);
  });

  it('may go on without an end', () => {
    given(campaignDecider)
      .when({ type: 'open', ...bloodDrive, until: undefined })
      .then([{ ...opened, until: undefined }]);
  });

  it('is opened once', () => {
    given(campaignDecider, [opened])
      .when({ type: 'open', ...bloodDrive })
      .thenRefused('already-exists', { id: 'hien-mau' });
  });

  it('does not end before, or on, its first day', () => {
    given(campaignDecider)
      .when({ type: 'open', ...bloodDrive, until: bloodDrive.from })
      .thenRefused('ends-before-it-begins', { from: '2010-02-01', until: '2010-02-01' });
  });

  it('is under way up to, but not including, the day on which it ends', () => {
    const days = ['2010-01-31', '2010-02-01', '2010-11-30', '2010-12-01'];
    expect(days.map((text) => openOn(bloodDrive, day(text)))).toEqual([false, true, true, false]);
  });
});

describe('the code of a campaign', () => {
  const claim = { code: 'HMND', campaign: bloodDrive.campaign, on: bloodDrive.from };
  const claimed: CampaignCodeEvent = {
    type: 'CampaignCodeClaimed',
    occurredAt: bloodDrive.from,
    code: 'HMND',
    campaign: bloodDrive.campaign,
  };

  it('belongs to the campaign that claims it first', () => {
    given(campaignCodeDecider).when(claim).then([claimed]);
    given(campaignCodeDecider, [claimed])
      .when({ ...claim, campaign: CampaignId.parse('other') })
      .thenRefused('code-taken', { code: 'HMND', id: 'hien-mau' });
  });

  it('may be claimed again by the same campaign: a retry passes', () => {
    given(campaignCodeDecider, [claimed]).when(claim).thenNothing();
  });

  it('goes to another when the campaign that claimed it never came to be', () => {
    const other = CampaignId.parse('other');
    given(campaignCodeDecider, [claimed])
      .when({ ...claim, campaign: other, lapsed: bloodDrive.campaign })
      .then([{ ...claimed, campaign: other }]);
  });

  it('is the same in capitals and in small letters', () => {
    expect(codeStream('HMND')).toBe(codeStream('hmnd'));
  });
});
