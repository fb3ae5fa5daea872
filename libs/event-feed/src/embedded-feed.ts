import type { ServiceName } from '@phancong/contracts';
import { KeyedQueue } from '@phancong/event-sourcing';
import { Deliveries, type Failure } from './deliveries.ts';
import type { Feed, Subscriber } from './feed.ts';
import { HeldBack } from './held-back.ts';
import { type DeadLetters, type ParkedKeyName, type ParkedKeys, inMemoryParkedKeys } from './parked-keys.ts';
import { type Retries, backoff } from './retrying.ts';
import { type FeedSource, SourcePages } from './source-pages.ts';

export interface EmbeddedFeedOptions {
  /** The logs that this process owns. */
  readonly sources: Partial<Record<ServiceName, FeedSource>>;
  /** Events read and delivered together. */
  readonly batchSize?: number;
  readonly retries?: Retries;
  /** Where parked keys outlive the process; without it they are tried again at the next start. */
  readonly parkedKeys?: ParkedKeys;
  readonly onFailure?: (failure: Failure) => void;
}

export interface EmbeddedFeed extends Feed {
  readonly deadLetters: DeadLetters;
}

const warn = ({ consumer, source, error, parked }: Failure): void =>
  process.emitWarning(error instanceof Error ? error : String(error), {
    type: 'FeedFailure',
    detail: `${consumer} from ${source}${parked === undefined ? ', will try again' : `: parked ${parked}`}`,
  });

/** The feed straight from event stores in this process: the log is the outbox, and nothing is kept twice. */
export function embeddedFeed({
  sources,
  batchSize = 1_000,
  retries = backoff,
  parkedKeys = inMemoryParkedKeys(),
  onFailure = warn,
}: EmbeddedFeedOptions): EmbeddedFeed {
  const pages = new Map<ServiceName, SourcePages>();
  const heldBack = new HeldBack(parkedKeys);
  const queue = new KeyedQueue();
  const active = new Set<Deliveries>();

  const pagesOf = (source: ServiceName): SourcePages => {
    const known = pages.get(source);
    if (known) return known;
    const log = sources[source];
    if (!log) throw new RangeError(`the feed has no source ${source}`);
    const opened = new SourcePages(log, batchSize);
    pages.set(source, opened);
    return opened;
  };

  const whileIdle = (parked: ParkedKeyName, task: () => Promise<void>): Promise<void> =>
    queue.run(Deliveries.queueOf(parked), async () => {
      await heldBack.load();
      await task();
    });

  const consumersOf = ({ consumer, source }: ParkedKeyName): readonly Deliveries[] =>
    [...active].filter(({ subscriber }) => subscriber.consumer === consumer && subscriber.source === source);

  return {
    subscribe(subscriber: Subscriber) {
      const deliveries = new Deliveries(subscriber, {
        pages: pagesOf(subscriber.source),
        heldBack,
        queue,
        retries,
        onFailure,
      });
      active.add(deliveries);
      return {
        async stop() {
          await deliveries.stop();
          active.delete(deliveries);
        },
      };
    },
    deadLetters: {
      async list() {
        await heldBack.load();
        return heldBack.all();
      },
      replay: (name) =>
        whileIdle(name, async () => {
          const parked = heldBack.from(name).get(name.key);
          if (!parked) throw new RangeError(`${name.key} is not parked for ${name.consumer}`);
          const consumers = consumersOf(name);
          if (consumers.length === 0) throw new RangeError(`nobody consumes ${name.source} as ${name.consumer}`);
          for (const deliveries of consumers) await deliveries.replay(parked);
          await heldBack.release(name);
        }),
      drop: (name) => whileIdle(name, () => heldBack.release(name)),
    },
  };
}
