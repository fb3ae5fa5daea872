import type { EmbeddedFeed } from '@phancong/event-feed';
import { type Projection, type ReadModels, rebuildProjection, StillRead } from '@phancong/read-models';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { Readers } from './readers.ts';

/** A set of read models of a service, and where it is kept. */
export interface Rebuildable {
  readonly service: string;
  readonly projection: Projection;
  readonly readModels: ReadModels;
}

/** How far the rebuild of one set has come. */
export const RebuildProgress = z.object({
  service: z.string(),
  projection: z.string(),
  /** Events replayed, of those in the logs. */
  done: z.int(),
  total: z.int(),
  /** It waits, and goes on by itself: for room on the disk, or for somebody who reads the file. */
  waiting: z.enum(['storage-full', 'still-read']).optional(),
});
export type RebuildProgress = z.infer<typeof RebuildProgress>;

type Tell = (progress: RebuildProgress) => void;

/** Replays the logs into every set, one after the other, beside the one that answers meanwhile. */
export async function rebuildAll(
  sets: readonly Rebuildable[],
  feed: EmbeddedFeed,
  readers: Readers,
  onProgress: Tell,
): Promise<void> {
  for (const { service, projection, readModels } of sets) {
    let last: RebuildProgress = { service, projection: projection.name, done: 0, total: 0 };
    readers.onNoRoom = (reader) => {
      if (reader === `${service}/${projection.name}`) onProgress({ ...last, waiting: 'storage-full' });
    };
    try {
      await rebuildProjection({
        projection,
        readModels,
        feed,
        service,
        onProgress(done, total) {
          last = { ...last, done, total };
          onProgress(last);
        },
      });
    } finally {
      readers.onNoRoom = () => undefined;
    }
  }
}

const TRIES = 60;
const BETWEEN_MS = 500;

/** Whoever reads the file just then is waited for, half a minute. @throws StillRead after that */
export async function scrubWhenRead(scrub: () => Promise<void>, set: Rebuildable, onProgress: Tell): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await scrub();
    } catch (error) {
      if (!isStillRead(error) || tries === TRIES) throw error;
      onProgress({ service: set.service, projection: set.projection.name, done: 0, total: 0, waiting: 'still-read' });
      await setTimeout(BETWEEN_MS);
    }
  }
}

const isStillRead = (error: unknown): boolean =>
  error instanceof StillRead || (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY');
