import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Refused } from './refused.ts';
import { say } from './say.ts';

/** Where everything is kept: `DATA_DIR`, or `./data`. */
export const dataFolder = ({ DATA_DIR = '' }: NodeJS.ProcessEnv = process.env): string =>
  DATA_DIR === '' ? './data' : DATA_DIR;

/**
 * Makes the data folder if it is not there.
 * @throws Refused `data-folder-unusable` unless it can be read and written
 */
export function makeDataFolder(folder: string): void {
  try {
    makeFolder(resolve(folder));
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Not `recursive`: Node never comes back from where nothing can be made, such as `/proc`. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (folder !== dirname(folder)) makeFolder(dirname(folder));
  mkdirSync(folder);
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** What SQLite and the system say of files that cannot be what they should be. */
const OF_FILES =
  /^(EACCES|EEXIST|EISDIR|ELOOP|ENAMETOOLONG|ENOENT|ENOTDIR|EPERM|EROFS|SQLITE_(CANTOPEN|READONLY|NOTADB|CORRUPT).*)$/;

/** Whether it tells of files, where all files that are written lie in the data folder. */
export const isOfDataFolder = (error: unknown): boolean =>
  OF_FILES.test(codeOf(error)) && (codeOf(error).startsWith('SQLITE_') || (error instanceof Error && 'path' in error));

/** What to tell of a data folder on which nothing can be kept. */
export const unusable = (folder: string, error: unknown): Refused =>
  new Refused(
    'data-folder-unusable',
    say(
      `Không dùng được thư mục dữ liệu ${folder} (DATA_DIR): ${reason(error, 'vi')}. Hãy đặt DATA_DIR là một thư mục ghi được, ví dụ DATA_DIR=./data.`,
      `The data folder ${folder} (DATA_DIR) cannot be used: ${reason(error, 'en')}. Set DATA_DIR to a folder that can be written, e.g. DATA_DIR=./data.`,
    ),
  );

function reason(error: unknown, language: 'vi' | 'en'): string {
  const [vi, en] = reasons[codeOf(error)] ?? ['hệ thống báo', 'the system says'];
  const path = error instanceof Error && 'path' in error ? ` (${String(error.path)})` : '';
  const said = codeOf(error) in reasons ? path : `: ${error instanceof Error ? error.message : String(error)}`;
  return `${language === 'vi' ? vi : en}${said}`;
}

const noRight = ['không có quyền ghi ở đó', 'there is no right to write there'] as const;
const inTheWay = ['có một tệp nằm ở chỗ đó', 'a file is in its way'] as const;
const reasons: Readonly<Record<string, readonly [vi: string, en: string]>> = {
  EACCES: noRight,
  EPERM: noRight,
  EEXIST: inTheWay,
  ENOTDIR: inTheWay,
  EROFS: ['ổ đĩa chỉ cho đọc', 'the disk can only be read'],
  ENAMETOOLONG: ['tên quá dài', 'its name is too long'],
  SQLITE_NOTADB: ['có tệp không phải của phancong', 'one of its files is not of phancong'],
  SQLITE_CORRUPT: ['có tệp bị hỏng', 'one of its files is damaged'],
};
