import { languageOf } from './language.ts';

test.each([
  [undefined, 'vi'],
  ['', 'vi'],
  ['*', 'vi'],
  ['fr', 'vi'],
  ['en', 'en'],
  ['EN-gb', 'en'],
  ['vi-VN,vi;q=0.9,en;q=0.8', 'vi'],
  ['fr, en;q=0.5, vi;q=0.4', 'en'],
  ['en;q=0', 'vi'],
  ['en;q=nonsense', 'vi'],
  ['en, vi', 'en'],
  ['english', 'vi'],
])('Accept-Language %j is answered in %s', (header, language) => {
  expect(languageOf(header)).toBe(language);
});
