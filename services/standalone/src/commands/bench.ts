import { type BenchRow, targetMet } from '@phancong/event-sourcing';
import { formatNumber } from '@phancong/vietnamese';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { progressBar } from '../progress-bar.ts';
import { WrongUsage } from '../refused.ts';
import { say } from '../say.ts';

/** `phancong bench`: each figure beside the raw limit of this machine, measured in the same run. */
export function benchCommand(program: Command): void {
  program
    .command('bench')
    .description(say('đo tốc độ so với giới hạn của máy', 'measure speed beside the limit of this machine'))
    .argument('[parts...]', 'appends, http, rebuild, coverage')
    .option('--json', say('in kết quả dưới dạng JSON', 'print the rows as JSON'))
    .action(async (names: readonly string[], { json }: { readonly json?: true }) => {
      const rows = await measure(names);
      if (json) console.log(JSON.stringify(rows));
      else print(rows);
    });
}

async function measure(names: readonly string[]): Promise<readonly BenchRow[]> {
  // Loaded only here: what measures is not needed to serve.
  const { parts: all } = await import('../bench/parts.ts');
  const unknown = names.find((name) => !(name in all));
  if (unknown !== undefined)
    throw new WrongUsage('unknown-part', say(`Không có phần đo "${unknown}".`, `There is no part "${unknown}".`));
  const parts = Object.entries(all).filter(([name]) => names.length === 0 || names.includes(name));
  const bar = progressBar(say('Đo tốc độ', 'Measuring'));
  const rows: BenchRow[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'phancong-bench-'));
  try {
    for (const [index, [name, bench]] of parts.entries()) {
      bar.at(index / parts.length, name);
      rows.push(...(await bench(join(folder, name))));
    }
    bar.done();
  } finally {
    bar.end();
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

function print(rows: readonly BenchRow[]): void {
  const table = new Table({
    head: [
      '',
      say('đo được', 'measured'),
      say('giới hạn', 'limit'),
      say('tỉ số', 'ratio'),
      say('mục tiêu', 'target'),
      '',
    ],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    const { name, value, unit, limit, ratio, target } = row;
    const sign = unit.endsWith('/s') ? '≥' : '≤';
    table.push([
      name,
      `${formatNumber(value)} ${unit}`,
      `${formatNumber(limit)} ${unit}`,
      formatNumber(ratio),
      `${sign} ${formatNumber(target)}`,
      targetMet(row) ? say('đạt', 'met') : say('CHƯA ĐẠT', 'MISSED'),
    ]);
  }
  console.log(table.toString());
}
