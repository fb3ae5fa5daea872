import { Command, CommanderError } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { importCommand } from './commands/import.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { reportCommand } from './commands/report.ts';
import { startCommand } from './commands/start.ts';
import { type Failure, failureOf } from './failure.ts';
import { say } from './say.ts';
import { commonSettings } from './settings-help.ts';

const commands = [startCommand, importCommand, reportCommand, rebuildCommand, deadLettersCommand, benchCommand];

/** Exit codes of every command. */
export const DONE = 0;
export const FAILED = 1;
export const WRONG_USAGE = 2;

/** Headings of the help, which the argument parser has in English. */
const headings: Readonly<Record<string, string>> = {
  'Usage:': 'Cách dùng:',
  'Arguments:': 'Tham số:',
  'Options:': 'Tùy chọn:',
  'Commands:': 'Các lệnh:',
};

/**
 * Runs `phancong` with the arguments after the program's name. Results go to standard output; why it failed goes to
 * standard error, as a sentence and its code, or with `--json` as `{ code, detail }` on the last line.
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage
 */
export async function commandLine(argv: readonly string[]): Promise<number> {
  const program = new Command('phancong')
    .description(
      say('Phân công đảng viên vận động quần chúng', 'Members, their assignments to groups, what came of them'),
    )
    .helpOption('-h, --help', say('xem cách dùng', 'show how it is used'))
    .helpCommand('help [command]', say('xem cách dùng một lệnh', 'show how a command is used'))
    .configureHelp({ styleTitle: (title) => say(headings[title] ?? title, title) })
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  for (const add of commands) add(program);
  program.addHelpText('afterAll', commonSettings());
  program.addHelpText(
    'afterAll',
    say(
      '\nMã thoát: 0 xong, 1 bị từ chối hoặc có lỗi, 2 dùng sai cách.',
      '\nExit codes: 0 done, 1 refused or failed, 2 wrong usage.',
    ),
  );
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return DONE;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return DONE;
    const failure = failureOf(error);
    console.error(argv.includes('--json') ? asJson(failure) : inWords(failure));
    return failure.exitCode;
  }
}

const asJson = ({ code, detail }: Failure): string => JSON.stringify({ code, detail });

const inWords = ({ exitCode, code, detail }: Failure): string =>
  `${detail} [${code}]${exitCode === 2 ? `\n${say('(thêm --help để xem cách dùng)', '(add --help for usage)')}` : ''}`;
