import { z } from 'zod';
import { failureIn, jsonOf, phancong, temporaryFolder } from '../testing/run-command.ts';

const LONG = 120_000;

const Rows = z.array(
  z.strictObject({
    name: z.string().min(1),
    value: z.number().positive(),
    unit: z.enum(['events/s', 'requests/s', 'ms']),
    limit: z.number().positive(),
    ratio: z.number().positive(),
    target: z.number().positive(),
  }),
);

describe('phancong bench', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it(
    'measures the part that is named, and tells each figure beside its limit',
    async () => {
      const ended = await phancong(folder.path, ['bench', 'appends', '--json']);
      expect(ended.exitCode).toBe(0);
      const rows = jsonOf(Rows, ended);
      expect(rows.length).toBeGreaterThan(0);
      for (const { value, limit, ratio } of rows) expect(ratio).toBeCloseTo(value / limit);
      expect(rows.every(({ name }) => name.includes('append') || name.includes('callers'))).toBe(true);
    },
    LONG,
  );

  it(
    'of an unknown part is wrong usage, before anything is measured',
    async () => {
      const ended = await phancong(folder.path, ['bench', 'appends', 'speed', '--json']);
      expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
      expect(failureIn(ended)).toEqual({ code: 'unknown-part', detail: expect.stringContaining('speed') });
    },
    LONG,
  );
});
