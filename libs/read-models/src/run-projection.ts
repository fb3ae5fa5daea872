import type { ServiceName } from '@phancong/contracts';
import type { Position } from '@phancong/event-sourcing';
import type { MessageFeed, ProgressReports } from './message-feed.ts';
import type { Positions, Projection, ReadModels } from './read-models.ts';
import { applied, consumerOf, rebuildProjection } from './rebuild-projection.ts';

export interface RunOptions {
  readonly projection: Projection;
  readonly readModels: ReadModels;
  readonly feed: MessageFeed;
  readonly progress: ProgressReports;
  /** The service that answers from the documents. */
  readonly service: string;
  /** Names the reader; unique among all services. Default `service/projection`. */
  readonly consumer?: string;
  /** The projection gives commands to its own service: what follows from them is waited for, too. */
  readonly process?: boolean;
  /** Of the rebuild that a changed layout needs at start. */
  readonly onRebuild?: (done: number, total: number) => void;
}

export interface RunningProjection {
  /** Settles once the set answers: at once, or after the rebuild if its layout has changed. */
  readonly ready: Promise<void>;
  /** Resolves when each source is consumed through the position given. Rejects when the projection stops before. */
  whenCaughtUp(positions: Positions): Promise<void>;
  /** Ends the deliveries; resolves when the batch under way is done. */
  stop(): Promise<void>;
}

interface Waiter {
  readonly positions: Positions;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** How often it is looked whether another copy of the service has rebuilt the set. */
const LOOK_MS = 500;

/** Keeps a projection in step with the feed, from where its documents stand. */
export function runProjection(options: RunOptions): RunningProjection {
  const { projection, readModels, feed, progress, service, process = false, onRebuild } = options;
  const { sources } = projection;
  const consumer = options.consumer ?? consumerOf(service, projection);
  const stopping = new AbortController();
  const consumed = new Map<ServiceName, Position>();
  const waiters = new Set<Waiter>();
  const forget = progress.register({ reader: consumer, service, sources, process });

  const reached = (positions: Positions): boolean =>
    sources.every((source) => (positions[source] ?? 0) <= (consumed.get(source) ?? 0));

  const report = (source: ServiceName, position: Position): void => {
    consumed.set(source, Math.max(position, consumed.get(source) ?? 0));
    progress.consumed(consumer, source, position);
    for (const waiter of waiters) {
      if (!reached(waiter.positions)) continue;
      waiters.delete(waiter);
      waiter.resolve();
    }
  };

  const position = async (source: ServiceName): Promise<Position> => {
    const stored = (await readModels.positions(projection))[source] ?? 0;
    report(source, stored);
    return stored;
  };

  const subscribe = (source: ServiceName) =>
    feed.subscribe({
      consumer,
      source,
      position: () => position(source),
      async consume({ messages, through, replay }) {
        const reach = replay ? 'replay' : through;
        await readModels.commit(projection, source, reach, applied(projection, messages, reach));
        if (!replay) report(source, through);
      },
    });

  /** Here, or by another copy of the service that the rebuild's messages are delivered to. */
  const rebuilt = async (): Promise<void> => {
    const elsewhere = new AbortController();
    const look = setInterval(() => {
      // A database that does not answer now is asked again.
      void readModels.outdated(projection).then(
        (outdated) => outdated || elsewhere.abort(),
        () => undefined,
      );
    }, LOOK_MS);
    const signal = AbortSignal.any([stopping.signal, elsewhere.signal]);
    try {
      await rebuildProjection({
        projection,
        readModels,
        feed,
        service,
        consumer,
        signal,
        ...(onRebuild && { onProgress: onRebuild }),
      });
    } catch (error) {
      if (!elsewhere.signal.aborted || stopping.signal.aborted) throw error;
    } finally {
      clearInterval(look);
    }
  };

  const start = async () => {
    if (await readModels.outdated(projection)) await rebuilt();
    return stopping.signal.aborted ? [] : sources.map(subscribe);
  };
  const started = start();
  const ready = started.then(() => undefined);

  return {
    ready,
    async whenCaughtUp(positions) {
      if (stopping.signal.aborted) throw new Error(`${consumer} has stopped`);
      await ready;
      if (!reached(positions))
        await new Promise<void>((resolve, reject) => waiters.add({ positions, resolve, reject }));
    },
    async stop() {
      stopping.abort(new Error(`${consumer} has stopped`));
      const [subscriptions] = await Promise.allSettled([started, ready]);
      if (subscriptions.status === 'fulfilled') await Promise.all(subscriptions.value.map((each) => each.stop()));
      forget();
      for (const { reject } of waiters) reject(stopping.signal.reason);
      waiters.clear();
    },
  };
}
