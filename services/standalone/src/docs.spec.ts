import { messages as activity } from '@phancong/activity';
import { messages as assignment } from '@phancong/assignment';
import { messages as membership } from '@phancong/membership';
import { allCodesHaveMessages, alike, refusalCodesIn } from '@phancong/nest/testing';
import { messages as reporting } from '@phancong/reporting';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsOf, documents, linksOf, ROOT, textOf } from './testing/documents.ts';

/** What is wrong with the links of a document. */
const broken = (path: string): readonly string[] =>
  linksOf(textOf(path)).filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : normalize(join(dirname(path), file));
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor);
  });

it.each(documents())('%s links to what is there', (path) => {
  expect(broken(path)).toEqual([]);
});

it('every document is linked from another', () => {
  const linked = documents().flatMap((path) => linksOf(textOf(path)).map((link) => join(dirname(path), link)));
  const isReached = (path: string): boolean =>
    path === 'README.md' || linked.some((link) => link.replace(/#.*/, '') === path || link === dirname(path));
  expect(documents().filter((path) => !isReached(path))).toEqual([]);
});

describe.each(Object.entries({ membership, assignment, activity, reporting }))('what %s refuses', (name, messages) => {
  it('is said in words, in Vietnamese and in English', () => {
    const codes = refusalCodesIn(join(ROOT, 'services', name, 'src'));
    expect(codes).not.toEqual([]);
    allCodesHaveMessages(messages, codes);
    expect(alike(messages, { mismatches: 'not-core' })).toEqual([]);
  });
});
