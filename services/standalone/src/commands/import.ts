import { formatNumber } from '@phancong/vietnamese';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { address, ask } from '../ask.ts';
import { Refused, WrongUsage } from '../refused.ts';
import { say } from '../say.ts';
import { withServer } from '../with-server.ts';

const Counts = { rows: z.int(), accepted: z.int(), rejected: z.int(), unchanged: z.int(), changed: z.int() };
const Finding = z.looseObject({
  ...{ sheet: z.string(), row: z.int(), message: z.string() },
  ...{ cell: z.string().optional(), value: z.string().optional() },
});
type Finding = z.infer<typeof Finding>;
/** What is printed; the rest of the answer goes on to `--json` as it is. */
const Report = z.looseObject({
  ...Counts,
  dryRun: z.boolean(),
  summary: z.string(),
  perOrganisation: z.array(z.looseObject({ organisation: z.looseObject({ name: z.string() }), ...Counts })),
  dropped: z.array(z.looseObject({ sheet: z.string(), column: z.string(), header: z.string(), field: z.string() })),
  skippedSheets: z.array(z.string()),
  errors: z.array(Finding),
  errorsLeftOut: z.int(),
  warnings: z.array(Finding),
  warningsLeftOut: z.int(),
});
type Report = z.infer<typeof Report>;

interface ImportOptions {
  readonly organisation: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `phancong import FILE`: a register (Mẫu 7-HSĐV) as committees keep it. Rows that cannot be imported are listed. */
export function importCommand(program: Command): void {
  program
    .command('import')
    .description(say('nhập sổ đảng viên (XLSX, CSV)', 'import a register of members (XLSX, CSV)'))
    .argument('<file>', say('tệp sổ đảng viên', 'the register'), existing)
    .requiredOption(
      '--organisation <id>',
      say('tổ chức giữ sổ này: id hoặc mã', 'the organisation whose register it is: its id or code'),
    )
    .option('--dry-run', say('chỉ kiểm tra, không ghi', 'check only, write nothing'))
    .option('--json', say('in kết quả dưới dạng JSON', 'print the result as JSON'))
    .addHelpText(
      'after',
      `\n${say('Các cột của sổ, và một tệp mẫu', 'The columns of a register, and an example')}: docs/register-import.md`,
    )
    .action(async (file: string, { organisation, dryRun, json }: ImportOptions) => {
      const bytes = await readFile(file);
      const report = await withServer((url) => send(url, bytes, basename(file), organisation, dryRun === true));
      if (json) console.log(JSON.stringify(report));
      else print(report);
      if (report.rejected > 0)
        throw new Refused('rows-rejected', say('Có dòng không nhập được.', 'There are rows that cannot be imported.'));
    });
}

function existing(file: string): string {
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  throw new WrongUsage('no-such-file', say(`Không có tệp ${file}.`, `There is no file ${file}.`));
}

async function send(url: string, bytes: Buffer, name: string, organisation: string, dryRun: boolean): Promise<Report> {
  const body = new FormData();
  body.set('organisation', organisation);
  body.set('file', new Blob([bytes]), name);
  const path = address('/membership/imports', { dryRun: String(dryRun) });
  return Report.parse(await ask(url, path, { method: 'POST', body }));
}

function print(report: Report): void {
  const { dryRun, errors, errorsLeftOut, warnings, warningsLeftOut, dropped, skippedSheets, summary } = report;
  if (dryRun) console.log(say('KIỂM TRA THỬ: CHƯA GHI GÌ VÀO DỮ LIỆU.', 'A DRY RUN: NOTHING WAS RECORDED.'));
  console.log(tableOf(report).toString());
  printUnder(
    dryRun
      ? say('Lỗi, những dòng này sẽ không được nhập:', 'Errors, these rows would not be imported:')
      : say('Lỗi, những dòng này không được nhập:', 'Errors, these rows were not imported:'),
    [...errors.map(found), ...leftOut(errorsLeftOut)],
  );
  printUnder(
    dryRun
      ? say('Nên xem lại, những dòng này vẫn được nhập:', 'To be checked, these rows would be imported all the same:')
      : say('Nên xem lại, những dòng này vẫn được nhập:', 'To be checked, these rows were imported all the same:'),
    [...warnings.map(found), ...leftOut(warningsLeftOut)],
  );
  const apart = [
    ...dropped.map(
      ({ sheet, column, header, field }) =>
        `${onSheet(sheet)}${say(`cột ${column}`, `column ${column}`)} “${header}”: ${why(field)}`,
    ),
    ...skippedSheets.map((sheet) =>
      say(
        `trang “${sheet}” không có sổ đảng viên, đã bỏ qua.`,
        `the sheet “${sheet}” has no register and was left out.`,
      ),
    ),
  ];
  if (apart.length > 0) console.log(['', ...apart.map(sentence)].join('\n'));
  console.log(`\n${summary}`);
  if (dryRun)
    console.log(say('Để nhập, chạy lại lệnh này không có --dry-run.', 'To import, run this again without --dry-run.'));
}

function tableOf({ dryRun, perOrganisation, ...total }: Report): Table.Table {
  const table = new Table({
    head: [
      say('Tổ chức', 'Organisation'),
      say('Số dòng', 'Rows'),
      dryRun ? say('Sẽ nhập mới', 'Would be new') : say('Đã nhập mới', 'New'),
      dryRun ? say('Sẽ thay đổi', 'Would change') : say('Đã thay đổi', 'Changed'),
      say('Không đổi', 'Unchanged'),
      say('Không nhập được', 'Rejected'),
    ],
    style: { head: [], border: [] },
  });
  const row = (name: string, { rows, accepted, changed, unchanged, rejected }: Record<keyof typeof Counts, number>) =>
    table.push([name, ...[rows, accepted - changed, changed, unchanged, rejected].map((count) => formatNumber(count))]);
  for (const { organisation, ...counts } of perOrganisation) row(organisation.name, counts);
  row(say('Tổng cộng', 'Total'), total);
  return table;
}

function printUnder(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log(['', title, ...lines.map((line) => `  ${line}`)].join('\n'));
}

/** Where it stands, what stands there, and what is the matter. */
function found({ sheet, row, cell, value, message }: Finding): string {
  const place =
    onSheet(sheet) + (cell === undefined ? say(`dòng ${row}`, `row ${row}`) : say(`ô ${cell}`, `cell ${cell}`));
  return `${sentence(place)}${value === undefined ? '' : `, “${value}”`}: ${message}`;
}

const onSheet = (sheet: string): string => (sheet === '' ? '' : say(`trang “${sheet}”, `, `sheet “${sheet}”, `));

const leftOut = (count: number): string[] =>
  count === 0 ? [] : [say(`… và ${formatNumber(count)} điều nữa.`, `… and ${formatNumber(count)} more.`)];

/** Why a column is not kept. */
function why(field: string): string {
  switch (field) {
    case 'religion':
      return say('phần mềm không lưu tôn giáo.', 'religion is not kept.');
    case 'ethnicity':
      return say('phần mềm không lưu dân tộc.', 'ethnicity is not kept.');
    case 'birthName':
      return say('phần mềm không lưu tên khai sinh, tên gọi khác.', 'birth names are not kept.');
    default:
      return say('phần mềm không biết cột này, không nhập.', 'this column is not known, and not imported.');
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
