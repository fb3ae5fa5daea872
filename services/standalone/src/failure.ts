import { DataFolderInUse, isDiskFull, UnknownLogFile } from '@phancong/event-store-sqlite';
import { CommanderError } from 'commander';
import { dataFolder, isOfDataFolder, unusable } from './data-folder.ts';
import { Refused, WrongUsage } from './refused.ts';
import { say } from './say.ts';

/** Why a command ended without doing what it was told. */
export interface Failure {
  /** 1: refused or failed; 2: wrong usage. */
  readonly exitCode: 1 | 2;
  /** Stable, kebab-case. */
  readonly code: string;
  /** In the terminal's language: what happened, and what the person can do about it. */
  readonly detail: string;
}

/** Of whatever a command threw; only what nobody foresaw shows its stack. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError) return wrongUsage(error);
  if (error instanceof WrongUsage) return { exitCode: 2, code: error.code, detail: error.message };
  if (error instanceof Refused) return failed(error.code, error.message);
  if (error instanceof DataFolderInUse) return failed('data-folder-in-use', folderInUse(error));
  if (error instanceof UnknownLogFile)
    return failed('unknown-log-file', say(`Không mở được nhật ký: ${error.message}`, error.message));
  if (isDiskFull(error))
    return failed(
      'storage-full',
      say('Hết chỗ lưu trữ. Hãy dọn chỗ rồi chạy lại.', 'Storage is full. Make room, then start again.'),
    );
  if (!(error instanceof Error)) return failed('internal-error', String(error));
  // Known by name: its package takes half a second to load, which only a server needs.
  if (error.name === 'InvalidEnvironment') return failed('invalid-environment', error.message);
  const port = 'port' in error ? String(error.port) : '';
  if ('code' in error && error.code === 'EADDRINUSE')
    return failed(
      'port-in-use',
      say(
        `Cổng ${port} đang có chương trình khác dùng. Hãy dừng chương trình đó, hoặc đặt PORT khác, ví dụ PORT=3001 (PORT=0: cổng nào còn trống).`,
        `The port ${port} is in use by another program. Stop that one, or set another PORT, e.g. PORT=3001 (PORT=0: any free one).`,
      ),
    );
  if ('code' in error && error.code === 'EACCES' && port !== '')
    return failed(
      'port-not-allowed',
      say(
        `Không có quyền dùng cổng ${port}. Hãy đặt PORT từ 1024 trở lên, ví dụ PORT=3000.`,
        `There is no right to use the port ${port}. Set PORT to 1024 or above, e.g. PORT=3000.`,
      ),
    );
  if (isOfDataFolder(error)) return failureOf(unusable(dataFolder(), error));
  return failed('internal-error', error.stack ?? error.message);
}

const failed = (code: string, detail: string): Failure => ({ exitCode: 1, code, detail });

function folderInUse({ folder, address, pid }: DataFolderInUse): string {
  const named = address ?? (pid === undefined ? undefined : `pid ${pid}`);
  const who = named === undefined ? '' : ` (${named})`;
  return say(
    `Thư mục dữ liệu ${folder} (DATA_DIR) đang được một tiến trình khác sử dụng${who}. Hãy dừng tiến trình đó hoặc đặt DATA_DIR khác.`,
    `The data folder ${folder} (DATA_DIR) is in use by another process${who}. Stop that one, or set another DATA_DIR.`,
  );
}

/** By the argument parser's code: ours, and how it is said of what it names. */
const usages: Readonly<Record<string, readonly [code: string, vi: (name: string) => string]>> = {
  'commander.help': ['missing-command', () => 'Thiếu tên lệnh.'],
  'commander.unknownCommand': ['unknown-command', (name) => `Không có lệnh "${name}".`],
  'commander.unknownOption': ['unknown-option', (name) => `Không có tùy chọn ${name}.`],
  'commander.missingArgument': ['missing-argument', (name) => `Thiếu <${name}>.`],
  'commander.missingMandatoryOptionValue': ['missing-option', (name) => `Thiếu tùy chọn ${name}.`],
  'commander.optionMissingArgument': ['missing-option-value', (name) => `Tùy chọn ${name} thiếu giá trị.`],
  'commander.invalidArgument': ['invalid-value', (name) => `Giá trị của ${name} không hợp lệ.`],
  'commander.excessArguments': ['too-many-arguments', (name) => `Thừa tham số cho lệnh ${name}.`],
};

function wrongUsage({ code: parserCode, message }: CommanderError): Failure {
  const [code, vi] = usages[parserCode] ?? ['wrong-usage', () => message];
  const named = /'([^']*)'/.exec(message)?.[1] ?? '';
  const en = parserCode === 'commander.help' ? 'A command is missing.' : sentence(message.replace(/^error: /, ''));
  return { exitCode: 2, code, detail: say(vi(named), en) };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
