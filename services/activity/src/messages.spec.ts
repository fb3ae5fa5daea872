import { allCodesHaveMessages, refusalCodesIn } from '@phancong/nest/testing';
import { messages } from './messages.ts';

it('every refusal is told in words', () => {
  const codes = refusalCodesIn(__dirname);
  expect(codes).toContain('assignment-not-active');
  allCodesHaveMessages(messages, codes);
});

it('days are written as people write them: in English as in the interface', () => {
  const words = messages['day-in-future'];
  const facts = { on: '2015-01-02', today: '2014-12-31' };
  expect(words.vi(facts)).toBe('Ngày 02/01/2015 chưa đến; hôm nay là 31/12/2014.');
  expect(words.en(facts)).toBe('2015-01-02 has not come yet; today is 2014-12-31.');
});
