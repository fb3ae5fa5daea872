import type { Message } from '@phancong/contracts';
import type { MessageFeed } from './message-feed.ts';
import type { Projection, ReadModels, Session, Through } from './read-models.ts';

export interface RebuildOptions {
  readonly projection: Projection;
  readonly readModels: ReadModels;
  readonly feed: MessageFeed;
  /** As given to `runProjection`, both of them: the set and its rebuild share what is parked. */
  readonly service: string;
  readonly consumer?: string;
  /** Positions consumed so far, and those that the live set has reached, summed over the sources. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Gives the rebuild up; the live set stays. */
  readonly signal?: AbortSignal;
}

/** What of a delivery is new to a set that has consumed up to `after`. */
export const applied =
  (projection: Projection, messages: readonly Message[], through: Through) =>
  async (session: Session, after: number): Promise<void> => {
    const fresh = through === 'replay' ? messages : messages.filter(({ position }) => position > after);
    if (fresh.length > 0) await projection.apply(fresh, session);
  };

export const consumerOf = (service: string, projection: Projection): string => `${service}/${projection.name}`;

/**
 * Replays the logs from their beginning into a set beside the live one, which answers and keeps up meanwhile; swaps
 * when the new set has come as far, and drops the old one. A rebuild cut off is dropped at the next start. Not for a
 * process, which would give all its commands again.
 * @throws the signal's reason when it was given up
 */
export async function rebuildProjection({
  projection,
  readModels,
  feed,
  service,
  consumer = consumerOf(service, projection),
  onProgress = () => undefined,
  signal,
}: RebuildOptions): Promise<void> {
  signal?.throwIfAborted();
  const beside = await readModels.beside(projection);
  const { sources } = projection;

  const report = async (): Promise<void> => {
    const [reached, live] = await Promise.all([beside.positions(), readModels.positions(projection)]);
    const parts = sources.map((source) => ({ done: reached[source] ?? 0, total: live[source] ?? 0 }));
    onProgress(
      parts.reduce((sum, { done, total }) => sum + Math.min(done, total), 0),
      parts.reduce((sum, { total }) => sum + total, 0),
    );
  };

  let swapped = await beside.swap();
  if (swapped) return;

  let filled: () => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    filled = resolve;
    if (signal?.aborted) reject(signal.reason);
    else signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const swapIfFilled = async (): Promise<void> => {
    swapped = swapped || (await beside.swap());
    if (swapped) filled();
  };
  const subscriptions = sources.map((source) =>
    feed.subscribe({
      consumer,
      source,
      async position() {
        // Asked again after a failure. That may have been the swap's (a full disk), after the last message there is.
        await swapIfFilled();
        return (await beside.positions())[source] ?? 0;
      },
      async consume({ messages, through, replay }) {
        if (swapped) return;
        const reach = replay ? 'replay' : through;
        await beside.commit(source, reach, applied(projection, messages, reach));
        await report();
        await swapIfFilled();
      },
    }),
  );
  try {
    await done;
  } finally {
    await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    if (!swapped) await beside.drop();
  }
}
