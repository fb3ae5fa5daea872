import { allCodesHaveMessages, refusalCodesIn } from '@phancong/nest/testing';
import { BookEvent } from './book-event.ts';
import { GroupEvent } from './group.ts';
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

  it('names the field that lifts a mismatch', () => {
    for (const told of Object.values(messages.mismatch)) {
      expect(told({ mismatches: 'not-core' })).toContain('override.reason');
    }
  });

  it('says days as people write them, and entries in words', () => {
    const facts = { type: 'AssignmentEnded', occurredAt: '2014-02-28', revision: 3 };
    const words = messages['conflicts-with-later-entry'];
    expect(words.vi(facts)).toBe('Mâu thuẫn với kết thúc đã ghi ngày 28/02/2014.');
    expect(words.en(facts)).toBe('It conflicts with the end on 2014-02-28, which is recorded already.');
    expect(messages['ends-before-it-begins'].en({ from: '2014-03-01', until: '2014-02-28' })).toContain('2014-02-28');
  });

  it('has words in both languages for every entry that others may conflict with', () => {
    const types = [...BookEvent.options, ...GroupEvent.options].map(({ shape }) => shape.type.value);
    const unborn = ['RegistrationDeclined', 'HandOverRefused', 'GroupFormed'];
    for (const type of types.filter((one) => !unborn.includes(one))) {
      const facts = { type, occurredAt: '2014-02-28', revision: 3 };
      const { vi, en } = messages['conflicts-with-later-entry'];
      expect([vi(facts), en(facts)].join()).not.toContain(type);
    }
  });
});
