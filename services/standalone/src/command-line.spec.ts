import { failureIn, phancong, temporaryFolder } from './testing/run-command.ts';

const LONG = 60_000;

const COMMANDS = [
  ['start'],
  ['import'],
  ['report'],
  ['rebuild'],
  ['dead-letters', 'list'],
  ['dead-letters', 'replay'],
  ['dead-letters', 'drop'],
  ['bench'],
] as const;

describe('phancong', () => {
  let folder = temporaryFolder();
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  it(
    'shows how each command is used',
    async () => {
      const shown = await Promise.all(COMMANDS.map((command) => phancong(folder.path, [...command, '--help'])));
      for (const [index, { exitCode, stdout, stderr }] of shown.entries()) {
        const command = COMMANDS[index]?.join(' ') ?? '';
        expect([command, exitCode, stderr]).toEqual([command, 0, '']);
        expect(stdout).toContain(`Usage: phancong ${command}`);
        expect(stdout).toContain('--json');
        expect(stdout).toContain('Exit codes: 0 done, 1 refused or failed, 2 wrong usage.');
      }
    },
    LONG,
  );

  it(
    'speaks Vietnamese unless the locale asks for English',
    async () => {
      const vietnamese = { LC_ALL: 'vi_VN.UTF-8' };
      const help = await phancong(folder.path, ['--help'], vietnamese);
      expect(help.stdout).toContain('Cách dùng: phancong');
      expect(help.stdout).toMatch(/rebuild.*dựng lại toàn bộ số liệu/);
      const wrong = await phancong(folder.path, ['rebuilt'], vietnamese);
      expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
      expect(wrong.stderr).toContain('Không có lệnh "rebuilt". [unknown-command]');
    },
    LONG,
  );

  it(
    'names the settings of the environment wherever they count',
    async () => {
      const [start, report] = await Promise.all([
        phancong(folder.path, ['start', '--help']),
        phancong(folder.path, ['report', '--help']),
      ]);
      const named = ({ stdout }: { readonly stdout: string }) =>
        stdout.match(/^ {2}[A-Z_]+(?= )/gm)?.map((name) => name.trim());
      expect(named(start)).toEqual(['PORT', 'LOG_LEVEL', 'DATA_DIR', 'TIME_ZONE', 'POLICY_FILE']);
      expect(named(report)).toEqual(['DATA_DIR', 'TIME_ZONE', 'POLICY_FILE']);
    },
    LONG,
  );

  it(
    'tells wrong usage by its code and its exit code',
    async () => {
      const wrong: readonly (readonly [code: string, ...args: string[]])[] = [
        ['missing-command'],
        ['missing-command', 'dead-letters'],
        ['unknown-command', 'rebuilt'],
        ['unknown-option', 'start', '--emtpy'],
        ['too-many-arguments', 'rebuild', 'reporting'],
        ['missing-argument', 'dead-letters', 'drop', '--reason', 'x'],
        ['missing-option', 'report'],
        ['missing-option-value', 'report', '--organisation'],
        ['invalid-value', 'dead-letters', 'list', '--source', 'reporting'],
      ];
      const told = await Promise.all(
        wrong.map(async ([, ...args]) => {
          const { exitCode, stdout, stderr } = await phancong(folder.path, args);
          return [exitCode, stdout, /\[([a-z-]+)\]\n\(add --help for usage\)\n$/.exec(stderr)?.[1]];
        }),
      );
      expect(told).toEqual(wrong.map(([code]) => [2, '', code]));
    },
    LONG,
  );

  it(
    'says what is wrong with the environment',
    async () => {
      const ended = await phancong(folder.path, ['rebuild', '--json'], { TIME_ZONE: 'Asia/Saigon City' });
      expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
      expect(failureIn(ended)).toEqual({ code: 'invalid-environment', detail: expect.stringContaining('TIME_ZONE') });
    },
    LONG,
  );
});
