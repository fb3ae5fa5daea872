import type { ServiceName } from '@phancong/contracts';
import { KeyedQueue, Refusal } from '@phancong/event-sourcing';
import { Deliveries, type Failure } from './deliveries.ts';
import type { Feed, Subscriber } from './feed.ts';
import { HeldBack } from './held-back.ts';
import {
  type DeadLetters,
  type Held,
  type ParkedKey,
  type ParkedKeyName,
  type ParkedKeys,
  inMemoryParkedKeys,
} from './parked-keys.ts';
import { type Retries, backoff } from './retrying.ts';
import type { Pages } from './source-pages.ts';

export interface FeedTerms {
  readonly retries?: Retries;
  /** Where parked keys outlive the process; without it they are tried again at the next start. */
  readonly parkedKeys?: ParkedKeys;
  readonly onFailure?: (failure: Failure) => void;
}

export interface FeedWithDeadLetters extends Feed {
  readonly deadLetters: DeadLetters;
}

const warn = ({ consumer, source, error, parked }: Failure): void =>
  process.emitWarning(error instanceof Error ? error : String(error), {
    type: 'FeedFailure',
    detail: `${consumer} from ${source}${parked === undefined ? ', will try again' : `: parked ${parked}`}`,
  });

/**
 * Delivers what `pagesOf` a service gives: tries again what fails, and holds back what cannot be consumed, key by key.
 */
export function feedOver(
  pagesOf: (source: ServiceName) => Pages,
  { retries = backoff, parkedKeys = inMemoryParkedKeys(), onFailure = warn }: FeedTerms,
): FeedWithDeadLetters {
  const heldBack = new HeldBack(parkedKeys);
  const queue = new KeyedQueue();
  const active = new Set<Deliveries>();

  const whileIdle = <Result>(name: ParkedKeyName, task: (parked: ParkedKey) => Promise<Result>): Promise<Result> =>
    queue.run(Deliveries.queueOf(name), async () => {
      await heldBack.load();
      return task(heldBack.named(name));
    });

  const consumersOf = ({ consumer, source }: ParkedKeyName): readonly Deliveries[] =>
    [...active].filter(({ subscriber }) => subscriber.consumer === consumer && subscriber.source === source);

  const heldOf = async (parked: ParkedKey): Promise<Held> => {
    const { source, key, position } = parked;
    const reached = await Promise.all(consumersOf(parked).map(({ subscriber }) => subscriber.position()));
    const end = reached.length > 0 ? Math.max(...reached) : Number.MAX_SAFE_INTEGER;
    const items = await pagesOf(source).ofKey(key, position - 1, end);
    return { messages: items.length, through: items.at(-1)?.position ?? position };
  };

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
      held: heldOf,
      replay: (name) =>
        whileIdle(name, async (parked) => {
          const { consumer, source } = name;
          const consumers = consumersOf(name);
          if (consumers.length === 0) throw new Refusal('conflict', 'not-consumed', { consumer, source });
          const held = await heldOf(parked);
          for (const deliveries of consumers) await deliveries.replay(parked);
          await heldBack.release(name);
          return held;
        }),
      drop: (name, decision) =>
        whileIdle(name, async (parked) => heldBack.drop(parked, await heldOf(parked), decision)),
      dropped: () => parkedKeys.dropped(),
    },
  };
}
