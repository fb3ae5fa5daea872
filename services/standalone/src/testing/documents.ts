import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the repository. */
export const ROOT = join(__dirname, '..', '..', '..', '..');

/** Paths, from the root, of what is written for people. */
export const documents = (): readonly string[] => [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** A fenced piece of code; `title` is the file that it is about: ```ts title="services/…" */
export interface Block {
  readonly language: string;
  readonly title?: string | undefined;
  /** Ends with a line end. */
  readonly code: string;
}

export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^```(\w*)(?: title="([^"]+)")?\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', title, code = '']) => ({ language, title, code }),
  );

/** The anchors of a document's headings, as GitHub makes them. */
export const anchorsOf = (markdown: string): readonly string[] =>
  [...withoutCode(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Mark}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Where a document points to, other than the web. */
export const linksOf = (markdown: string): readonly string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

const withoutCode = (markdown: string): string =>
  markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
