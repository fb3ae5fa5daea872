import { Command, CommanderError } from 'commander';
import { DataFolderInUse, UnknownLogFile } from '@phancong/event-store-sqlite';
import { benchCommand } from './commands/bench.ts';
import { importCommand } from './commands/import.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { startCommand } from './commands/start.ts';
import { InvalidEnvironment } from '@phancong/nest';
import { Refused } from './refused.ts';
import { say } from './say.ts';

/** Exit codes of every command. */
export const DONE = 0;
export const FAILED = 1;
export const WRONG_USAGE = 2;

/**
 * Runs `phancong` with the arguments after the program's name.
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage
 */
export async function commandLine(argv: readonly string[]): Promise<number> {
  const program = new Command('phancong')
    .description(
      say('Phân công đảng viên vận động quần chúng', 'Members, their assignments to groups, what came of them'),
    )
    .showHelpAfterError(say('(thêm --help để xem cách dùng)', '(add --help for usage)'))
    .exitOverride();
  for (const add of [startCommand, importCommand, rebuildCommand, benchCommand]) add(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return DONE;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE;
    if (!(error instanceof Error)) throw error;
    console.error(explain(error));
    return FAILED;
  }
}

/** What the person at the terminal can do about it; only what nobody foresaw shows its stack. */
function explain(error: Error): string {
  if (error instanceof DataFolderInUse) {
    const who = error.address ?? (error.pid === undefined ? '' : `pid ${error.pid}`);
    return say(
      `Thư mục dữ liệu ${error.folder} đang được một tiến trình khác sử dụng ${who}. Hãy dừng tiến trình đó hoặc đặt DATA_DIR khác.`,
      `The data folder ${error.folder} is in use by another process ${who}. Stop that one, or set another DATA_DIR.`,
    );
  }
  if (error instanceof Refused || error instanceof UnknownLogFile || error instanceof InvalidEnvironment)
    return error.message;
  return error.stack ?? error.message;
}
