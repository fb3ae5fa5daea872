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
const Finding = z.looseObject({ sheet: z.string(), row: z.int(), column: z.string(), message: z.string() });
/** What is printed; the rest of the answer goes on to `--json` as it is. */
const Report = z.looseObject({
  ...Counts,
  perOrganisation: z.array(z.looseObject({ organisation: z.looseObject({ name: z.string() }), ...Counts })),
  dropped: z.array(z.looseObject({ sheet: z.string(), header: z.string() })),
  errors: z.array(Finding),
  warnings: z.array(Finding),
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
    .requiredOption('--organisation <id>', say('tổ chức giữ sổ này', 'the organisation whose register it is'))
    .option('--dry-run', say('chỉ kiểm tra, không ghi', 'check only, write nothing'))
    .option('--json', say('in kết quả dưới dạng JSON', 'print the result as JSON'))
    .action(async (file: string, { organisation, dryRun, json }: ImportOptions) => {
      const bytes = await readFile(file);
      const report = await withServer((url) => send(url, bytes, basename(file), organisation, dryRun === true));
      if (json) console.log(JSON.stringify(report));
      else print(report);
      if (report.rejected > 0)
        throw new Refused('rows-rejected', say('Có dòng chưa nhập được.', 'Some rows were not imported.'));
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
  const table = new Table({
    head: [
      say('Tổ chức', 'Organisation'),
      say('Dòng', 'Rows'),
      say('Nhập mới', 'Imported'),
      say('Thay đổi', 'Changed'),
      say('Không đổi', 'Unchanged'),
      say('Lỗi', 'Rejected'),
    ],
    style: { head: [], border: [] },
  });
  const row = (name: string, { rows, accepted, changed, unchanged, rejected }: Record<keyof typeof Counts, number>) =>
    table.push([name, ...[rows, accepted, changed, unchanged, rejected].map((count) => formatNumber(count))]);
  for (const { organisation, ...counts } of report.perOrganisation) {
    row(organisation.name, counts);
  }
  row(say('Tổng cộng', 'Total'), report);
  console.log(table.toString());
  for (const { sheet, header } of report.dropped) {
    console.log(say(`Không nhập cột "${header}" (${sheet}).`, `Column "${header}" (${sheet}) was not imported.`));
  }
  for (const { sheet, row: line, column, message } of [...report.errors, ...report.warnings]) {
    console.log(`${sheet} ${column}${line}: ${message}`);
  }
}
