import { ServiceName } from '@phancong/contracts';
import {
  type FeedTerms,
  type FeedWithDeadLetters,
  type ParkedKeyName,
  type Subscriber,
  feedOver,
} from '@phancong/event-feed';
import { KeyedQueue, Refusal } from '@phancong/event-sourcing';
import type { Kafka } from 'kafkajs';
import { DeadLetterTopics } from './dead-letter-topics.ts';
import { type Answer, type Wish, resultOf } from './errands.ts';
import { type Shares, joinShares } from './shares.ts';
import { TopicPages } from './topic-pages.ts';
import type { Topics } from './topics.ts';
import { WatermarkLog } from './watermark-log.ts';

export interface KafkaFeedOptions extends Omit<FeedTerms, 'parkedKeys'> {
  readonly kafka: Kafka;
  readonly topics: Topics;
  /** Messages delivered together. Default 1,000. */
  readonly batchSize?: number;
  /** Records of each partition kept ready for a reader. Default 2,000. */
  readonly ahead?: number;
  /**
   * The service whose copies share its readers: each reader is delivered to in one of them. Without it every subscription
   * here is delivered to.
   */
  readonly sharedBy?: string;
  /** How long the copy that delivers to a reader has for a replay or a drop asked for elsewhere. Default 10 s. */
  readonly errandMs?: number;
  /** Trouble with Kafka that belongs to no delivery; it is tried again by itself. */
  readonly onTrouble?: (error: unknown) => void;
}

export interface KafkaFeed extends FeedWithDeadLetters {
  /** Why deliveries may be missing, if that is so: for readiness. */
  trouble(): string | undefined;
  /** After the subscriptions have been stopped. */
  close(): Promise<void>;
}

const warn = (error: unknown): void =>
  process.emitWarning(error instanceof Error ? error : String(error), 'KafkaTrouble');

type Reader = Pick<ParkedKeyName, 'consumer' | 'source'>;

const nameOf = ({ consumer, source }: Reader): string => `${source} ${consumer}`;

interface Opened {
  readonly watermarks: WatermarkLog;
  readonly pages: TopicPages;
}

/** What other services publish, from Kafka: in the order of each service's log, from any position on. */
export function kafkaFeed({
  kafka,
  topics,
  batchSize = 1_000,
  ahead = 2_000,
  sharedBy,
  errandMs = 10_000,
  onTrouble = warn,
  ...given
}: KafkaFeedOptions): KafkaFeed {
  const letters = new DeadLetterTopics({
    kafka,
    topics,
    onFailure: onTrouble,
    fulfil: (wish) => (feeds.has(nameOf(wish)) ? fulfil(wish) : undefined),
  });
  const { parkedKeys, errands } = letters;
  const terms = { ...given, parkedKeys };
  const opened = new Map<ServiceName, Opened>();
  const shares: Shares | undefined =
    sharedBy === undefined ? undefined : joinShares({ kafka, topics, service: sharedBy, onFailure: onTrouble });
  /** By reader. Each is made anew when its reader comes (back) here: what is parked may have changed meanwhile. */
  const feeds = new Map<string, { readonly feed: FeedWithDeadLetters; subscriptions: number }>();
  const turns = new KeyedQueue();

  const pagesOf = (source: ServiceName): TopicPages => {
    const known = opened.get(source);
    if (known) return known.pages;
    const watermarks = new WatermarkLog({ kafka, topic: topics.watermarks(source), onFailure: onTrouble });
    const { partitions } = topics;
    const topic = topics.messages(source);
    const pages = new TopicPages(
      { kafka, source, topic, partitions, watermarks, ahead, onFailure: onTrouble },
      batchSize,
    );
    opened.set(source, { watermarks, pages });
    return pages;
  };

  const deliver = (subscriber: Subscriber): { stop(): Promise<void> } => {
    const name = nameOf(subscriber);
    const known = feeds.get(name) ?? { feed: feedOver(pagesOf, terms), subscriptions: 0 };
    feeds.set(name, known);
    known.subscriptions += 1;
    const subscription = known.feed.subscribe(subscriber);
    let ended = false;
    return {
      async stop() {
        if (!ended) {
          ended = true;
          known.subscriptions -= 1;
          if (known.subscriptions === 0) feeds.delete(name);
        }
        await subscription.stop();
      },
    };
  };

  const deliverWhileOurs = (subscriber: Subscriber, ours: Shares): { stop(): Promise<void> } => {
    let delivering: { stop(): Promise<void> } | undefined;
    let changing = Promise.resolve();
    const change = (mine: boolean): void => {
      changing = changing.then(async () => {
        if (mine) delivering ??= deliver(subscriber);
        else {
          await delivering?.stop();
          delivering = undefined;
        }
      });
    };
    const forget = ours.watch(subscriber.consumer, change);
    return {
      async stop() {
        forget();
        change(false);
        await changing;
      },
    };
  };

  const feedOf = (name: Reader): FeedWithDeadLetters => feeds.get(nameOf(name))?.feed ?? feedOver(pagesOf, terms);
  const fulfil = (wish: Wish): Promise<Answer> =>
    turns.run(nameOf(wish), async () => {
      const { deadLetters } = feedOf(wish);
      switch (wish.wish) {
        case 'replay':
          return { held: await deadLetters.replay(wish) };
        case 'drop':
          return { dropped: await deadLetters.drop(wish, wish) };
      }
    });
  /** Here if the reader is delivered to here, else in the copy where it is. */
  const answered = async (wish: Wish): Promise<Answer | undefined> => {
    if (feeds.has(nameOf(wish))) return fulfil(wish);
    const { consumer, source, key } = wish;
    const parked = (await parkedKeys.all()).some((each) => isSame(each, wish));
    if (!parked) throw new Refusal('not-found', 'not-parked', { consumer, source, key });
    return errands.ask(wish, errandMs);
  };

  return {
    subscribe: (subscriber) => (shares ? deliverWhileOurs(subscriber, shares) : deliver(subscriber)),
    deadLetters: {
      list: () => parkedKeys.all(),
      held: (parked) => feedOf(parked).deadLetters.held(parked),
      async replay({ consumer, source, key }) {
        const answer = await answered({ wish: 'replay', consumer, source, key });
        const result = answer && resultOf(answer);
        if (!result || !('held' in result)) throw new Refusal('conflict', 'not-consumed', { consumer, source });
        return result.held;
      },
      async drop({ consumer, source, key }, { reason, by }) {
        const wish: Wish = { wish: 'drop', consumer, source, key, reason, by };
        const result = resultOf((await answered(wish)) ?? (await fulfil(wish)));
        if (!('dropped' in result)) throw new TypeError('a drop was answered like a replay');
        return result.dropped;
      },
      dropped: () => parkedKeys.dropped(),
    },
    trouble: () =>
      [shares, letters, ...[...opened.values()].map(({ pages }) => pages)]
        .map((each) => each?.trouble())
        .find((trouble) => trouble !== undefined),
    async close() {
      await shares?.leave();
      await Promise.all([...opened.values()].map(({ pages }) => pages.close()));
      await Promise.all([...opened.values()].map(({ watermarks }) => watermarks.stop()));
      await letters.close();
    },
  };
}

const isSame = (one: ParkedKeyName, other: ParkedKeyName): boolean =>
  one.consumer === other.consumer && one.source === other.source && one.key === other.key;
