import { allCodesHaveMessages, refusalCodesIn } from '@phancong/nest/testing';
import { messages } from './messages.ts';
import { Mismatch } from './placement.ts';

describe('what people are told', () => {
  it('has words for every refusal', () => {
    const codes = refusalCodesIn(__dirname);
    expect(codes).toContain('mismatch');
    // Found by the story, not by a literal refusal.
    allCodesHaveMessages(messages, [...codes, 'assignment-not-active', 'already-suspended', 'not-suspended']);
  });

  it('names each mismatch', () => {
    const facts = { mismatches: Mismatch.options.join(', ') };
    expect(messages.mismatch.vi(facts).split('; ')).toHaveLength(Mismatch.options.length);
    expect(messages.mismatch.en({ mismatches: 'not-core' })).toContain('mass organisation');
  });

  it('says days as people write them', () => {
    const facts = { type: 'AssignmentEnded', occurredAt: '2014-02-28', revision: 3 };
    expect(messages['conflicts-with-later-entry'].vi(facts)).toBe('Mâu thuẫn với kết thúc đã ghi ngày 28/02/2014.');
  });
});
