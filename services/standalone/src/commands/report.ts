import { Day } from '@phancong/event-sourcing';
import type { Command } from 'commander';
import { z } from 'zod';
import { ask } from '../ask.ts';
import { figuresOf, type FiguresQuestion, figuresTable, partsTable } from '../figures-table.ts';
import { WrongUsage } from '../refused.ts';
import { say, sayInstant } from '../say.ts';
import { withServer } from '../with-server.ts';

/** `phancong report`: an organisation's coverage and results on a day, as they are known now or were known then. */
export function reportCommand(program: Command): void {
  program
    .command('report')
    .description(
      say('số liệu phân công và kết quả của một tổ chức', 'coverage and results of an organisation as of a day'),
    )
    .requiredOption('--organisation <id>', say('tổ chức đảng', 'the organisation'))
    .option('--as-of <day>', say('tính đến ngày (YYYY-MM-DD); mặc định hôm nay', 'day; today unless told'), day)
    .option('--from <day>', say('kết quả từ ngày; mặc định từ đầu', 'first day of the results; all unless told'), day)
    .option(
      '--known-at <instant>',
      say(
        'theo số liệu đã biết lúc đó (RFC 3339); mặc định bây giờ',
        'as it was known then (RFC 3339); now unless told',
      ),
      instant,
    )
    .option('--json', say('in kết quả dưới dạng JSON', 'print the answers of reporting as JSON'))
    .action(report);
}

async function report({ json, ...question }: FiguresQuestion & { readonly json?: true }): Promise<void> {
  const figures = await withServer((url) => figuresOf((address) => ask(url, address), question));
  if (json) return console.log(JSON.stringify(figures));
  const { knownAt } = question;
  if (knownAt !== undefined)
    console.log(say(`Theo số liệu đã biết lúc ${sayInstant(knownAt)}`, `As it was known at ${sayInstant(knownAt)}`));
  console.log(figuresTable(figures));
  if (figures.coverage.parts.length > 0) console.log(partsTable(figures.coverage));
}

function day(text: string): string {
  if (Day.safeParse(text).success) return text;
  throw new WrongUsage(
    'invalid-day',
    say(`"${text}" không phải là một ngày có thật, dạng YYYY-MM-DD.`, `"${text}" is no real day, as YYYY-MM-DD.`),
  );
}

function instant(text: string): string {
  if (z.iso.datetime({ offset: true }).safeParse(text).success) return text;
  throw new WrongUsage(
    'invalid-instant',
    say(
      `"${text}" không phải là một thời điểm RFC 3339, ví dụ 2014-12-31T23:59:59+07:00.`,
      `"${text}" is no instant as in RFC 3339, e.g. 2014-12-31T23:59:59+07:00.`,
    ),
  );
}
