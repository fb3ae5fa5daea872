import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figures, figuresOf } from '../figures-table.ts';
import { answersOf, expectRecounted, rebuilt } from '../testing/answers.ts';
import { get } from '../testing/keyed-client.ts';
import { logsIn } from '../testing/logs.ts';
import { randomFrom } from '../testing/random.ts';
import { killWhileStarting, startProcess } from '../testing/running-process.ts';
import { FIRST_INSTANT } from './calendar.ts';
import { noteDemoProgress, readDemoProgress } from './demo-progress.ts';
import { targetsOf } from './targets.ts';

const SCALE = 0.02;
const KILLS = Number(process.env['CRASH_ROUNDS'] ?? 4);
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);
const BLOC = 'dbk';

/** A data folder in which the loading of a small demo has just begun. */
function begun(folder: string, name: string): string {
  const dataDir = join(folder, name);
  mkdirSync(dataDir);
  noteDemoProgress(dataDir, { seed: 1043, scale: SCALE, phases: 0, recordedAt: FIRST_INSTANT, done: false });
  return dataDir;
}

/** Starts the program, which loads what is left; then asks it, before and after a rebuild. */
async function loaded(dataDir: string) {
  const began = performance.now();
  const server = await startProcess(dataDir);
  const took = performance.now() - began;
  try {
    const logs = await logsIn(dataDir);
    const answers = await answersOf(server.url, BLOC, logs.position);
    expectRecounted(answers, BLOC, logs);
    await rebuilt(server.url);
    expect(await answersOf(server.url, BLOC, logs.position)).toEqual(answers);
    const ask = async (path: string): Promise<unknown> => JSON.parse((await get(server.url, path)).body);
    const figures = await figuresOf(ask, { organisation: BLOC, from: '2004-01-01', asOf: '2014-12-31' });
    return { figures, answers, took };
  } finally {
    await server.kill();
  }
}

function expectTargets({ coverage, results }: Figures): void {
  const { due, assigned, selfRegistered, ...deeds } = targetsOf(SCALE);
  expect(coverage).toMatchObject({ due, assigned, selfRegistered });
  expect(results).toMatchObject(deeds);
}

describe('the loading of the demo', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'phancong-demo-killed-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it(
    `ends with the same figures after ${KILLS} kills at any moment (CRASH_SEED=${SEED})`,
    async () => {
      const whole = await loaded(begun(folder, 'whole'));
      expectTargets(whole.figures);

      const random = randomFrom(SEED);
      const dataDir = begun(folder, 'killed');
      // Spread over the time that a whole loading takes, so that most of them fall into it.
      for (let kill = 0; kill < KILLS; kill += 1) await killWhileStarting(dataDir, (random() * whole.took * 2) / KILLS);
      const killed = await loaded(dataDir);
      expectTargets(killed.figures);
      expect(killed.answers).toEqual(whole.answers);
      expect(readDemoProgress(dataDir)).toMatchObject({ done: true });
    },
    120_000 + KILLS * 30_000,
  );
});
