import type { EmbeddedFeed } from '@phancong/event-feed';
import { type Projection, type ReadModels, rebuildProjection } from '@phancong/read-models';
import { z } from 'zod';

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
});
export type RebuildProgress = z.infer<typeof RebuildProgress>;

/** Replays the logs into every set, one after the other, beside the one that answers meanwhile. */
export async function rebuildAll(
  sets: readonly Rebuildable[],
  feed: EmbeddedFeed,
  onProgress: (progress: RebuildProgress) => void,
): Promise<void> {
  for (const { service, projection, readModels } of sets) {
    const tell = (done: number, total: number): void =>
      onProgress({ service, projection: projection.name, done, total });
    await rebuildProjection({
      projection,
      readModels,
      feed,
      service,
      onProgress: tell,
    });
  }
}
