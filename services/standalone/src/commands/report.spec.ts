import { z } from 'zod';
import { get } from '../testing/keyed-client.ts';
import { type RunningProcess, startProcess } from '../testing/running-process.ts';
import { failureIn, jsonOf, phancong, smallCommittee, temporaryFolder, told } from '../testing/run-command.ts';

const LONG = 60_000;

const count = z.int().nonnegative();
const Organisation = z.strictObject({ id: z.string(), name: z.string(), kind: z.string() });
const covered = { due: count, assigned: count, selfRegistered: count, rate: z.number().nullable() };
const done = {
  ...{ savings: count, charity: count, bloodDonations: count, introduced: count, trained: count, admitted: count },
  ...{ reached: count, visits: count, activities: count },
};
const asked = { organisation: Organisation, asOf: z.iso.date(), knownAt: z.iso.datetime(), position: z.string() };
const Report = z.strictObject({
  coverage: z.strictObject({
    ...asked,
    ...covered,
    parts: z.array(z.strictObject({ organisation: Organisation, ...covered })),
  }),
  results: z.strictObject({
    ...asked,
    from: z.iso.date(),
    to: z.iso.date(),
    ...done,
    parts: z.array(z.strictObject({ organisation: Organisation, ...done })),
  }),
});

describe('phancong report', () => {
  let folder = temporaryFolder();
  let server: RunningProcess | undefined;
  beforeAll(async () => {
    folder = temporaryFolder();
    server = await startProcess(folder.path, '--empty');
    const position = await told(server.url, smallCommittee);
    await get(server.url, `/reporting/coverage?organisation=cang&position=${position}`);
  }, LONG);
  afterAll(async () => {
    await server?.kill();
    folder.remove();
  });

  const report = (...options: readonly string[]) =>
    phancong(folder.path, ['report', '--organisation', 'cang', '--json', ...options]);

  it(
    'says the same of a day whether a server is running or not',
    async () => {
      const asking = await report('--as-of', '2014-12-31');
      expect(asking).toMatchObject({ exitCode: 0, stderr: '' });
      const { coverage, results } = jsonOf(Report, asking);
      expect(coverage).toMatchObject({ asOf: '2014-12-31', due: 1, assigned: 1, selfRegistered: 0, rate: 1 });
      expect(coverage.parts).toMatchObject([{ organisation: { id: 'kho' }, due: 1, assigned: 1 }]);
      expect(results).toMatchObject({ to: '2014-12-31', savings: 12_500_000, reached: 42, activities: 1 });

      await server?.stop();
      const opening = await report('--as-of', '2014-12-31');
      server = await startProcess(folder.path, '--empty');
      expect(opening.exitCode).toBe(0);
      const opened = jsonOf(Report, opening);
      expect(opened.coverage).toEqual({ ...coverage, knownAt: opened.coverage.knownAt });
      expect(opened.results).toEqual({ ...results, knownAt: opened.results.knownAt });
    },
    LONG,
  );

  it(
    'is of the day, of the results since the day, and as it was known at the instant that are asked for',
    async () => {
      const [early, later, before, today] = await Promise.all([
        report('--as-of', '2014-01-31'),
        report('--as-of', '2014-12-31', '--from', '2014-04-01'),
        report('--as-of', '2014-12-31', '--known-at', '2015-01-01T00:00:00+07:00'),
        report(),
      ]);
      expect(jsonOf(Report, early)).toMatchObject({ coverage: { due: 1, assigned: 0 }, results: { activities: 0 } });
      expect(jsonOf(Report, later)).toMatchObject({
        coverage: { due: 1, assigned: 1 },
        results: { from: '2014-04-01', activities: 0 },
      });
      expect(jsonOf(Report, before)).toMatchObject({
        coverage: { knownAt: '2014-12-31T17:00:00.000Z', due: 0, assigned: 0, rate: null },
        results: { knownAt: '2014-12-31T17:00:00.000Z', activities: 0 },
      });
      const now = jsonOf(Report, today);
      expect(now.coverage.asOf > '2020').toBe(true);
      expect(now.results.to).toBe(now.coverage.asOf);
    },
    LONG,
  );

  it(
    'shows tables to people, in their language',
    async () => {
      const args = ['report', '--organisation', 'cang', '--as-of', '2014-12-31'];
      const { exitCode, stdout } = await phancong(folder.path, args, { LC_ALL: 'vi_VN.UTF-8' });
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/Đảng ủy Cảng\s*│\s*31\/12\/2014/);
      expect(stdout).toMatch(/Đã được phân công\s*│\s*1 \(100 %\)/);
      expect(stdout).toMatch(/Tiết kiệm\s*│\s*12,5 triệu đồng/);
      expect(stdout).toMatch(/Chi bộ Kho\s*│\s*1\s*│\s*1\s*│\s*0\s*│\s*100 %/);
    },
    LONG,
  );

  it(
    'of an unknown organisation, of no real day or of no instant is refused',
    async () => {
      const ended = await Promise.all([
        phancong(folder.path, ['report', '--organisation', 'bai', '--json']),
        phancong(folder.path, ['report', '--organisation', 'a b', '--json']),
        report('--as-of', '2014-02-30'),
        report('--known-at', '2014-12-31'),
        report('--as-of', '2014-01-01', '--from', '2014-06-01'),
      ]);
      expect(ended.map((one) => [one.exitCode, one.stdout, failureIn(one).code])).toEqual([
        [1, '', 'organisation-not-found'],
        [2, '', 'invalid-input'],
        [2, '', 'invalid-day'],
        [2, '', 'invalid-instant'],
        [1, '', 'range-reversed'],
      ]);
    },
    LONG,
  );
});
