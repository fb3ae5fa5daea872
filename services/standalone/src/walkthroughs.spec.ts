import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blocksOf, ROOT, textOf } from './testing/documents.ts';
import { copyWorkspace, type Files, follow } from './testing/walkthrough.ts';

const command = blocksOf(textOf('docs/add-a-command.md'));
const readModel = blocksOf(textOf('docs/add-a-read-model.md'));

/** Who follows a walkthrough to its end has a workspace that compiles, and whose tests pass. */
describe('the walkthroughs', () => {
  let folder = '';
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'phancong-walkthroughs-')));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['a command', command, 'libs/contracts/src/activity.ts'],
    ['a read model', readModel, 'services/activity/src/activity.module.ts'],
  ])('add %s to the code as it is', (_, blocks, changes) => {
    expect(follow(blocks).get(changes)).toBeDefined();
  });

  it('lead to code that compiles, and to tests that pass', async () => {
    const files: Files = follow(readModel, follow(command));
    copyWorkspace(folder, files);
    const env = { ...process.env, UPDATE_GOLDEN: undefined };
    const run = (cwd: string, program: string, ...options: readonly string[]): Promise<string> =>
      new Promise((resolve) => {
        const found = join(ROOT, 'node_modules', program);
        // What is wrong is said there; how it ended tells nothing more.
        execFile(process.execPath, [found, ...options], { cwd, env }, (_error, out, err) => resolve(out + err));
      });
    expect(await run(folder, 'typescript/bin/tsc', '-p', 'tsconfig.json')).toBe('');
    const cache = join(folder, '.jest');
    const report = await run(join(folder, 'services/activity'), 'jest/bin/jest.js', '--cacheDirectory', cache);
    expect(report).not.toMatch(/^FAIL/m);
    const specs = [...files.keys()].filter((path) => path.endsWith('.spec.ts'));
    expect(specs.length).toBeGreaterThan(3);
    for (const path of specs) expect(report).toContain(`PASS activity ${path.slice('services/activity/'.length)}`);
  }, 300_000);
});
