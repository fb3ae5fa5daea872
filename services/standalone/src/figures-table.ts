import { formatMoney, formatNumber, formatPercent } from '@phancong/vietnamese';
import Table from 'cli-table3';
import { z } from 'zod';
import { say } from './say.ts';
import type { Standalone } from './standalone.ts';

const Coverage = z.object({
  organisation: z.object({ id: z.string(), name: z.string() }),
  asOf: z.string(),
  due: z.number(),
  assigned: z.number(),
  selfRegistered: z.number(),
  rate: z.number().nullable(),
});
type Coverage = z.infer<typeof Coverage>;

const Results = z.object({
  savings: z.number(),
  charity: z.number(),
  bloodDonations: z.number(),
  introduced: z.number(),
  trained: z.number(),
  admitted: z.number(),
  visits: z.number(),
  activities: z.number(),
});
type Results = z.infer<typeof Results>;

export interface Figures {
  readonly coverage: Coverage;
  readonly results: Results;
}

/** An organisation's coverage on the last day, and its results from the first to the last. */
export async function figuresOf(
  send: Standalone['send'],
  organisation: string,
  from: string,
  to: string,
): Promise<Figures> {
  const ask = async (path: string): Promise<unknown> => JSON.parse((await send('GET', path)).body);
  return {
    coverage: Coverage.parse(await ask(`/reporting/coverage?organisation=${organisation}&asOf=${to}`)),
    results: Results.parse(await ask(`/reporting/results?organisation=${organisation}&from=${from}&to=${to}`)),
  };
}

/** The figures as a table for a terminal. */
export function figuresTable({ coverage, results }: Figures): string {
  const turns = say('lượt', 'turns');
  const people = say('người', 'people');
  const rate = coverage.rate === null ? '' : ` (${formatPercent(coverage.rate)})`;
  const rows: readonly (readonly [string, string])[] = [
    [say('Đảng viên phải phân công', 'Members due'), formatNumber(coverage.due)],
    [say('Đã được phân công', 'Assigned'), `${formatNumber(coverage.assigned)}${rate}`],
    [say('Trong đó tự đăng ký', 'Of these self-registered'), formatNumber(coverage.selfRegistered)],
    [say('Tiết kiệm', 'Saved'), formatMoney(results.savings)],
    [say('Từ thiện', 'Given to charity'), formatMoney(results.charity)],
    [say('Hiến máu nhân đạo', 'Blood donations'), `${formatNumber(results.bloodDonations)} ${turns}`],
    [say('Quần chúng ưu tú giới thiệu', 'Introduced'), `${formatNumber(results.introduced)} ${people}`],
    [say('Qua bồi dưỡng', 'Trained'), `${formatNumber(results.trained)} ${people}`],
    [say('Được kết nạp', 'Admitted'), `${formatNumber(results.admitted)} ${people}`],
    [say('Hoạt động', 'Activities'), formatNumber(results.activities)],
  ];
  const table = new Table({
    head: [coverage.organisation.name, coverage.asOf.split('-').reverse().join('/')],
    style: { head: [], border: [] },
  });
  for (const [name, value] of rows) table.push([name, { content: value, hAlign: 'right' }]);
  return table.toString();
}
