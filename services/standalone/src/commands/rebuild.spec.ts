import { z } from 'zod';
import { RebuildProgress } from '../rebuild.ts';
import { get } from '../testing/keyed-client.ts';
import { type RunningProcess, startProcess } from '../testing/running-process.ts';
import { type Ended, phancong, smallCommittee, temporaryFolder, told } from '../testing/run-command.ts';

const LONG = 60_000;
const Step = z.strictObject(RebuildProgress.shape);
const Coverage = z.object({ due: z.int(), assigned: z.int() });

/** The last step of each set of read models. */
const lastSteps = ({ stdout }: Ended): ReadonlyMap<string, z.infer<typeof Step>> =>
  new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => Step.parse(JSON.parse(line)))
      .map((step) => [`${step.service}/${step.projection}`, step]),
  );

describe('phancong rebuild', () => {
  let folder = temporaryFolder();
  let server: RunningProcess | undefined;
  let position = '';
  beforeEach(async () => {
    folder = temporaryFolder();
    server = await startProcess(folder.path, '--empty');
    position = await told(server.url, smallCommittee);
    for (const service of ['membership/organisations', 'assignment/groups', 'activity/activities'])
      await get(server.url, `/${service}?position=${position}`);
  });
  afterEach(async () => {
    await server?.kill();
    folder.remove();
  });

  it(
    'makes every set anew beside a server, which answers as before',
    async () => {
      const ended = await phancong(folder.path, ['rebuild', '--json']);
      expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
      const steps = lastSteps(ended);
      expect(new Set([...steps.values()].map(({ service }) => service))).toEqual(
        new Set(['membership', 'assignment', 'activity', 'reporting']),
      );
      for (const { done, total } of steps.values()) expect([total > 0, done]).toEqual([true, total]);
      const { body } = await get(String(server?.url), '/reporting/coverage?organisation=cang&asOf=2014-12-31');
      expect(Coverage.parse(JSON.parse(body))).toEqual({ due: 1, assigned: 1 });
    },
    LONG,
  );

  it(
    'does the same without a server, and names to people what it made',
    async () => {
      await server?.stop();
      const { exitCode, stdout } = await phancong(folder.path, ['rebuild']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^Rebuilt: membership\/.*, reporting\/reporting\n$/);
    },
    LONG,
  );
});
