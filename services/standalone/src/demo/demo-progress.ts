import { Instant } from '@phancong/event-sourcing';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const DemoProgress = z.object({
  seed: z.int(),
  scale: z.number().positive(),
  /** Phases of the plan that are written down. */
  phases: z.int().nonnegative(),
  /** Nothing of the phases before was written down later. */
  recordedAt: Instant,
  done: z.boolean(),
});
/** How far the loading of the demo has come. */
export type DemoProgress = z.infer<typeof DemoProgress>;

const fileIn = (dataDir: string): string => join(dataDir, 'demo.json');

/** `undefined` when no demo was ever begun in the folder. */
export const readDemoProgress = (dataDir: string): DemoProgress | undefined =>
  existsSync(fileIn(dataDir)) ? DemoProgress.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8'))) : undefined;

/** Replaces what was noted before at one stroke. */
export function noteDemoProgress(dataDir: string, progress: DemoProgress): void {
  const next = `${fileIn(dataDir)}.next`;
  const file = openSync(next, 'w');
  try {
    writeSync(file, `${JSON.stringify(progress)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, fileIn(dataDir));
}
