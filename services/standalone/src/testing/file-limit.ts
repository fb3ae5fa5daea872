import { execFileSync, spawnSync } from 'node:child_process';

/**
 * From now on no file of the process may grow beyond so many bytes, which is what a full disk is to it; without a number
 * there is room again. Needs no privileges, but `prlimit` (util-linux).
 */
export function limitFiles(pid: number, bytes: number | 'unlimited' = 'unlimited'): void {
  execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:unlimited`]);
}

/** Runs Node where no file may grow beyond so many KB. @returns its exit code and what it said on standard error */
export function runLimited(kilobytes: number, options: readonly string[], variables: Readonly<Record<string, string>>) {
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', `ulimit -f ${kilobytes}; exec "$0" "$@"`, process.execPath, ...options],
    { env: { ...process.env, ...variables }, encoding: 'utf8' },
  );
  return { status, stderr };
}
