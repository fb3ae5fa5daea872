import { allCodesHaveMessages, refusalCodesIn } from '@phancong/nest/testing';
import { messages } from './messages.ts';

it('every refusal is told in words', () => {
  const codes = refusalCodesIn(__dirname);
  expect(codes).toContain('organisation-cycle');
  allCodesHaveMessages(messages, codes);
});

it('a conflicting entry is named by what it was and its day', () => {
  const facts = { type: 'MemberLeft', occurredAt: '2009-01-01', revision: 3 };
  expect(messages['conflicts-with-later-entry'].vi(facts)).toContain('ra khỏi tổ chức ngày 01/01/2009');
  expect(messages['conflicts-with-later-entry'].en(facts)).toContain('leaving on 01/01/2009');
});
