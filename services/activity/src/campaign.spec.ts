import { given } from '@phancong/event-sourcing/testing';
import { campaignDecider, openOn } from './campaign.ts';
import { codeStream } from './campaign-code.ts';
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
  it('is the same in capitals and in small letters', () => {
    expect(codeStream('HMND')).toBe(codeStream('hmnd'));
  });
});
