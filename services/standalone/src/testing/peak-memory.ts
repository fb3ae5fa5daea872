import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

export interface PeakMemory {
  /** The most memory that the process has held resident since it began; where the system does not tell, that was seen. */
  megabytes(): number;
  stop(): void;
}

const LOOK_MS = 100;

export function peakMemory(pid: number): PeakMemory {
  const status = `/proc/${pid}/status`;
  if (existsSync(status)) {
    return {
      megabytes: () => Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]) / 1024,
      stop: () => undefined,
    };
  }
  let most = 0;
  const look = (): number => {
    most = Math.max(most, Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024);
    return most;
  };
  const timer = setInterval(look, LOOK_MS);
  return { megabytes: look, stop: () => clearInterval(timer) };
}
