import { allCodesHaveMessages, refusalCodesIn } from '@phancong/nest/testing';
import { messages } from './messages.ts';

it('every refusal is told in words', () => {
  const codes = refusalCodesIn(__dirname);
  expect(codes).toContain('assignment-not-active');
  allCodesHaveMessages(messages, codes);
});
