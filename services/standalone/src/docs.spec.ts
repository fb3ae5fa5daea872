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
