import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Child {
  readonly process: ChildProcess;
  /** What it has printed so far, without a line that is not finished. */
  readonly lines: readonly string[];
  /** Resolves when it has printed something (or has ended without that). */
  readonly firstLine: Promise<void>;
  /** Resolves when it has ended and all it had printed is in `lines`. */
  readonly ended: Promise<void>;
}

/**
 * Runs a TypeScript file of this folder in a process of its own.
 * @param fileLimitKb the largest file that the process may write (`ulimit -f`): what a full disk is to it
 */
export function runChild(file: string, args: readonly string[], fileLimitKb?: number): Child {
  const command = [process.execPath, '--conditions=@phancong/source', join(__dirname, 'run-typescript.cjs')];
  const whole = [...command, join(__dirname, file), ...args];
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  const [program = process.execPath, ...rest] =
    fileLimitKb === undefined ? whole : ['bash', '-c', `ulimit -f ${fileLimitKb}; exec "$0" "$@"`, ...whole];
  const child = spawn(program, rest, { stdio });
  const lines: string[] = [];
  // A line cut off by the kill was not acknowledged: only what ends in a line feed counts.
  let tail = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (tail + text).split('\n');
    tail = parts.pop() ?? '';
    lines.push(...parts);
  });
  const ended = once(child, 'close').then(() => undefined);
  return {
    process: child,
    lines,
    firstLine: Promise.race([once(child.stdout, 'data').then(() => undefined), ended]),
    ended,
  };
}
