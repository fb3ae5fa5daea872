import { formatMoney, formatNumber, formatPercent } from '@phancong/vietnamese';
import Table from 'cli-table3';
import { z } from 'zod';
import { address } from './ask.ts';
import { say, sayDay } from './say.ts';

const figures = {
  due: z.number(),
  assigned: z.number(),
  selfRegistered: z.number(),
  rate: z.number().nullable(),
};
const Coverage = z.looseObject({
  organisation: z.looseObject({ id: z.string(), name: z.string() }),
  asOf: z.string(),
  ...figures,
  parts: z.array(z.looseObject({ organisation: z.looseObject({ name: z.string() }), ...figures })),
});
type Coverage = z.infer<typeof Coverage>;

const Results = z.looseObject({
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

/** As reporting answers them. */
export interface Figures {
  readonly coverage: Coverage;
  readonly results: Results;
}

export interface FiguresQuestion {
  readonly organisation: string;
  /** First day of the results; from the beginning, if not given. */
  readonly from?: string | undefined;
  /** Day of the coverage and last day of the results; today, if not given. */
  readonly asOf?: string | undefined;
  /** As it was known then; as it is known now, if not given. */
  readonly knownAt?: string | undefined;
}

/** An organisation's coverage on a day, and its results until then. `get` asks an address for its JSON. */
export async function figuresOf(
  get: (address: string) => Promise<unknown>,
  { organisation, from, asOf, knownAt }: FiguresQuestion,
): Promise<Figures> {
  const coverage = Coverage.parse(await get(address('/reporting/coverage', { organisation, asOf, knownAt })));
  const range = { organisation, from, to: coverage.asOf, knownAt };
  return { coverage, results: Results.parse(await get(address('/reporting/results', range))) };
}

/** The coverage of the direct parts as a table for a terminal. */
export function partsTable({ parts }: Coverage): string {
  const table = new Table({
    head: [
      say('Tổ chức trực thuộc', 'Part'),
      say('Phải phân công', 'Due'),
      say('Đã phân công', 'Assigned'),
      say('Tự đăng ký', 'Self-registered'),
      say('Tỉ lệ', 'Rate'),
    ],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { organisation, due, assigned, selfRegistered, rate } of parts)
    table.push([
      organisation.name,
      ...[due, assigned, selfRegistered].map((count) => formatNumber(count)),
      rate === null ? '' : formatPercent(rate),
    ]);
  return table.toString();
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
    head: [coverage.organisation.name, sayDay(coverage.asOf)],
    style: { head: [], border: [] },
  });
  for (const [name, value] of rows) table.push([name, { content: value, hAlign: 'right' }]);
  return table.toString();
}
