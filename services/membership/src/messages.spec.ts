import { inWords, type Messages } from '@phancong/nest';
import { allCodesHaveMessages, refusalCodesIn } from '@phancong/nest/testing';
import { messages } from './messages.ts';

it('every refusal is told in words', () => {
  const codes = refusalCodesIn(__dirname);
  expect(codes).toContain('organisation-cycle');
  allCodesHaveMessages(messages, codes);
});

it('a conflicting entry is named by what it was and its day', () => {
  const facts = { type: 'MemberLeft', occurredAt: '2009-01-31', revision: 3 };
  expect(messages['conflicts-with-later-entry'].vi(facts)).toContain('ra khỏi tổ chức ngày 31/01/2009');
  expect(messages['conflicts-with-later-entry'].en(facts)).toContain('leaving on 2009-01-31');
  const ended = { type: 'MemberExemptionEnded', occurredAt: '2009-01-31', revision: 3 };
  expect(messages['conflicts-with-later-entry'].vi(ended)).toContain('thôi miễn công tác');
});

it('an organisation that is not empty is told what is in it, and not what is not', () => {
  const told = messages['organisation-not-empty'];
  expect(told.vi({ parts: 0, members: 3 })).toBe('Tổ chức còn 3 đảng viên.');
  expect(told.vi({ parts: 2, members: 0 })).toBe('Tổ chức còn 2 tổ chức trực thuộc.');
  expect(told.vi({ parts: 2, members: 3 })).toBe('Tổ chức còn 2 tổ chức trực thuộc và 3 đảng viên.');
  expect(told.en({ parts: 1, members: 0 })).toBe('The organisation still has 1 part.');
  expect(told.en({ parts: 2, members: 1 })).toBe('The organisation still has 2 parts and 1 member.');
});

describe('the words', () => {
  const days = ['on', 'from', 'until', 'today', 'occurredAt', 'admittedOn', 'officialOn', 'consentOn', 'introducedOn'];
  const facts = { ...Object.fromEntries(days.map((name) => [name, '2009-01-31'])), parts: 1, members: 1 };
  const all: Messages = messages;
  const told = Object.entries(all).map(([code, words]) => ({
    code,
    vi: inWords(words, 'vi', facts),
    en: inWords(words, 'en', facts),
  }));

  it('write days as dd/mm/yyyy in Vietnamese, and as YYYY-MM-DD in English', () => {
    expect(told.filter(({ vi }) => vi.includes('2009-01-31'))).toEqual([]);
    expect(told.filter(({ en }) => en.includes('31/01/2009'))).toEqual([]);
  });
  it('put tone marks where the older spelling has them (xóa, hòa)', () => {
    const newer = /(?<!q)(o[áàảãạéèẻẽẹ]|u[ýỳỷỹỵ])(?!\p{L})/iu;
    expect(newer.test('xoá')).toBe(true);
    expect(told.filter(({ vi }) => newer.test(vi))).toEqual([]);
  });
  it('say what may not be in the words that people use', () => {
    expect(told.filter(({ vi }) => vi.includes('phải không'))).toEqual([]);
  });
});
