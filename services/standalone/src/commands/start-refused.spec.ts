import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { type Ended, failureIn, phancong, temporaryFolder } from '../testing/run-command.ts';

const LONG = 60_000;
const Address = z.object({ port: z.int() });
const started = ['start', '--empty', '--json'];

describe('phancong start where it cannot', () => {
  let folder = temporaryFolder();
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  /** Ended by itself, with one line for a program and nothing else: no stack, no line of a log. */
  const refusal = (ended: Ended) => {
    expect({ ...ended, stderr: ended.stderr.trim().split('\n').length }).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 1,
    });
    return failureIn(ended);
  };

  it(
    'says at once which data folder it cannot make, and what to set',
    async () => {
      const file = join(folder.path, 'file');
      writeFileSync(file, '');
      const folders = [file, join(file, 'below'), join(folder.path, 'x'.repeat(300)), '/proc/phancong'];
      for (const path of folders) {
        const { code, detail } = refusal(await phancong(path, started));
        expect([code, detail]).toEqual(['data-folder-unusable', expect.stringContaining(path)]);
        expect(detail).toMatch(/DATA_DIR.*Set DATA_DIR to a folder that can be written/);
        const vietnamese = refusal(await phancong(path, started, { LC_ALL: 'vi' }));
        expect(vietnamese.detail).toMatch(/\(DATA_DIR\).*Hãy đặt DATA_DIR/);
      }
    },
    LONG,
  );

  it(
    'says which file of the data folder is not what it should be',
    async () => {
      writeFileSync(join(folder.path, 'membership'), '');
      expect(refusal(await phancong(folder.path, started))).toMatchObject({
        code: 'data-folder-unusable',
        detail: expect.stringContaining('DATA_DIR'),
      });
      for (const command of ['rebuild', 'report']) {
        const more = command === 'report' ? ['--organisation', 'x'] : [];
        const ended = await phancong(join(folder.path, 'membership'), [command, '--json', ...more]);
        expect(refusal(ended)).toMatchObject({ code: 'data-folder-unusable' });
      }
    },
    LONG,
  );

  it(
    'says that it has no right to write there',
    async () => {
      const path = join(folder.path, 'others');
      mkdirSync(path);
      chmodSync(path, 0o555);
      chmodSync(folder.path, 0o755);
      // Whoever may do everything may write there, too: so as somebody else.
      const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
      const [unwritable, unmakeable] = [
        await phancong(path, started, {}, nobody),
        await phancong(join(path, 'data'), started, {}, nobody),
      ];
      for (const ended of [unwritable, unmakeable]) {
        expect(refusal(ended)).toEqual({
          code: 'data-folder-unusable',
          detail: expect.stringContaining('no right to write there'),
        });
      }
    },
    LONG,
  );

  it(
    'says that its port is in use, before it loads anything',
    async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = Address.parse(other.address());
      try {
        const { code, detail } = refusal(await phancong(folder.path, ['start', '--json'], { PORT: String(port) }));
        expect(code).toBe('port-in-use');
        expect(detail).toMatch(new RegExp(`${port} .*PORT=`));
      } finally {
        other.close();
      }
      expect(existsSync(join(folder.path, 'demo.json'))).toBe(false);
    },
    LONG,
  );

  it(
    'says what each setting must be',
    async () => {
      const wrong: Readonly<Record<string, readonly string[]>> = {
        PORT: ['http', '70000', '80.5', '-1', '0x50'],
        LOG_LEVEL: ['loud'],
        TIME_ZONE: ['Asia/Saigon City'],
        POLICY_FILE: [join(folder.path, 'none.json'), folder.path],
      };
      for (const [name, values] of Object.entries(wrong))
        for (const value of values) {
          const { code, detail } = refusal(await phancong(folder.path, started, { [name]: value }));
          expect([code, detail]).toEqual(['invalid-environment', expect.stringContaining(name)]);
          if (name === 'PORT') expect(detail).toContain('Phải là số nguyên từ 0 đến 65535');
          if (name === 'PORT') expect(detail).toContain('It must be a whole number from 0 to 65535');
        }
    },
    LONG,
  );
});
