import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Block, ROOT, textOf } from './documents.ts';

/** New texts of files, by path from the root. */
export type Files = ReadonlyMap<string, string>;

/**
 * Does what a walkthrough says: a `diff` changes the file of its title, any other block is the whole of a new file.
 * @throws Error when a block does not fit the files as they are
 */
export function follow(blocks: readonly Block[], before: Files = new Map()): Files {
  const files = new Map(before);
  for (const { language, title, code } of blocks) {
    if (title === undefined) throw new Error(`a block names no file:\n${code}`);
    const isThere = files.has(title) || existsSync(join(ROOT, title));
    if (language !== 'diff' && isThere) throw new Error(`${title} is there already`);
    files.set(title, language === 'diff' ? changed(title, files.get(title) ?? textOf(title), code) : code);
  }
  return files;
}

/** Hunks are parted by `@@`. Their old lines must stand in the file once. */
function changed(path: string, text: string, diff: string): string {
  return diff.split(/^@@\n/m).reduce((now, hunk) => {
    const lines = hunk.split('\n').slice(0, -1);
    const side = (sign: '-' | '+'): string =>
      `\n${lines.flatMap((line) => (line === '' || line.startsWith(' ') || line.startsWith(sign) ? [`${line.slice(1)}\n`] : [])).join('')}`;
    const parts = `\n${now}`.split(side('-'));
    const [start, end] = parts;
    if (parts.length !== 2 || start === undefined || end === undefined)
      throw new Error(`these lines stand ${parts.length - 1} times in ${path}:${side('-')}`);
    return `${start}${side('+')}${end}`.slice(1);
  }, text);
}

/** Copies the packages that the walkthroughs are about, with the files given in the place of theirs, to the folder. */
export function copyWorkspace(folder: string, files: Files): void {
  const packages = [
    ...readdirSync(join(ROOT, 'libs')).map((lib) => `libs/${lib}`),
    'services/activity',
    'services/reporting',
  ];
  for (const path of [...packages, 'jest.preset.cjs', 'tsconfig.base.json', 'tsconfig.spec.json', 'package.json']) {
    cpSync(join(ROOT, path), join(folder, path), {
      recursive: true,
      filter: (source) => !['dist', 'node_modules'].includes(basename(source)),
    });
  }
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@phancong'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@phancong') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  for (const path of packages) symlinkSync(join(folder, path), join(modules, '@phancong', basename(path)));
  const reached = {
    files: ['services/reporting/src/index.ts'],
    include: ['services/activity/src', 'libs/nest/src/*.d.ts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: './tsconfig.spec.json', ...reached }));
}
