import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = join(__dirname, '..', '..', 'dist', 'main.js');

export interface RunningProcess {
  readonly url: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to stop. @returns its exit code */
  stop(): Promise<number | null>;
}

const ended = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
};

/** Starts the built program on the data folder and waits for its `ready` line. */
export async function startProcess(dataDir: string, ...options: readonly string[]): Promise<RunningProcess> {
  const child = spawn(process.execPath, [PROGRAM, 'start', ...options], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0', LANG: 'en' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(`${line}\n`);
    const url = /^ready (http:\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      url,
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
