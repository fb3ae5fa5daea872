import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 4);
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);

/** Runs the process on the folder; kills it once it has printed so many events. @returns what it ended with, if it did */
async function run(folder: string, killAfter = Infinity): Promise<string | undefined> {
  const files = ['run-typescript.cjs', 'settling-process.ts'].map((file) => join(__dirname, 'testing', file));
  const child = spawn(process.execPath, ['--no-warnings', '--conditions=@phancong/source', ...files, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let left = killAfter;
  let ended: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('done ')) ended = line;
    left -= 1;
    if (left === 0) child.kill('SIGKILL');
  }
  const [code, signal] = await exit;
  expect([code, signal]).toEqual(signal === null ? [0, null] : [null, 'SIGKILL']);
  return ended;
}

describe(`settling under SIGKILL (CRASH_SEED=${SEED})`, () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assignment-crash-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it(
    `ends the same as without ${ROUNDS} kills`,
    async () => {
      const whole = await run(await mkdtemp(join(folder, 'whole-')));
      expect(whole).toContain('heir-of-m0 already-assigned');
      expect(whole).toContain('shop 2008-01-01  m1-shop');
      const killed = await mkdtemp(join(folder, 'killed-'));
      for (let round = 0; round < ROUNDS; round += 1) await run(killed, 1 + ((SEED * (round + 7)) % 91));
      expect(await run(killed)).toBe(whole);
    },
    60_000 + ROUNDS * 30_000,
  );
});
