import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openStandalone, type Standalone } from './standalone.ts';

const README = readFileSync(join(__dirname, '..', '..', '..', 'README.md'), 'utf8');
const steps = README.slice(README.indexOf('## First steps with curl'));
const blocks = [...steps.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);

describe('the first steps in the README', () => {
  let dataDir = '';
  let standalone: Standalone | undefined;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'phancong-readme-'));
    standalone = await openStandalone({ dataDir, timeZone: 'Asia/Ho_Chi_Minh' });
  });
  afterEach(async () => {
    await standalone?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('give the answers that the text promises', async () => {
    const url = await standalone?.listen(0);
    const script = blocks.join('\n').replace('http://127.0.0.1:3000', String(url));
    const { stdout } = await promisify(execFile)('bash', ['-c', script]);
    const answers: unknown[] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const refused = answers.pop();

    expect(answers.filter((answer) => JSON.stringify(answer).includes('"status":4'))).toEqual([]);
    expect(answers[8]).toMatchObject({ due: 1, assigned: 1, selfRegistered: 0, rate: 1 });
    expect(answers[9]).toMatchObject({ savings: 12_500_000, reached: 42, activities: 1 });
    expect(answers[11]).toMatchObject({ items: [] });
    expect(answers[12]).toMatchObject({
      items: [
        { asOf: '2014-07-31', due: 1, assigned: 1 },
        { asOf: '2014-08-31', due: 1, assigned: 1 },
        { asOf: '2014-09-30', due: 1, assigned: 0 },
        { asOf: '2014-10-31', due: 1, assigned: 0 },
      ],
    });
    expect(refused).toMatchObject({ status: 409, code: 'conflicts-with-later-entry' });
  });
});
