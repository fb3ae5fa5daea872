import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** What is built; run by Node. */
export const PROGRAM = join(__dirname, '..', '..', 'dist', 'main.js');

export interface RunningProcess {
  readonly url: string;
  readonly pid: number;
  /** All that it has written to standard error, and to standard output before it was ready. */
  said(): string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to stop. @returns its exit code */
  stop(): Promise<number | null>;
}

const ended = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
};

const spawned = (variables: Readonly<Record<string, string>>, dataDir: string, options: readonly string[]) =>
  spawn(process.execPath, [PROGRAM, 'start', ...options], {
    env: { ...process.env, ...variables, DATA_DIR: dataDir, PORT: '0', LANG: 'en' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Starts the built program on the data folder and waits for its `ready` line. */
export const startProcess = (dataDir: string, ...options: readonly string[]): Promise<RunningProcess> =>
  startProcessWith({}, dataDir, ...options);

/** @param variables of its environment, beside those of this process */
export async function startProcessWith(
  variables: Readonly<Record<string, string>>,
  dataDir: string,
  ...options: readonly string[]
): Promise<RunningProcess> {
  const child = spawned(variables, dataDir, options);
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(`${line}\n`);
    const url = /^ready (http:\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      url,
      pid: z.int().parse(child.pid),
      said: () => said.join(''),
      async kill() {
        child.kill('SIGKILL');
        await ended(child);
      },
      stop() {
        child.kill('SIGTERM');
        return ended(child);
      },
    };
  }
  throw new Error(`the process ended before it was ready:\n${said.join('')}`);
}

/** Starts the built program on the data folder and kills it after that time, whatever it is doing then. */
export async function killWhileStarting(dataDir: string, ms: number, ...options: readonly string[]): Promise<void> {
  const child = spawned({}, dataDir, options);
  child.stdout.resume();
  child.stderr.resume();
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  await ended(child);
  clearTimeout(timer);
  if (child.signalCode !== 'SIGKILL') throw new Error(`the process ended by itself, with ${child.exitCode}`);
}
