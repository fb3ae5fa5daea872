import type { ServiceName } from '@phancong/contracts';
import { type FeedTerms, type FeedWithDeadLetters, feedOver } from './feed-over.ts';
import { type FeedSource, SourcePages } from './source-pages.ts';

export interface EmbeddedFeedOptions extends FeedTerms {
  /** The logs that this process owns. */
  readonly sources: Partial<Record<ServiceName, FeedSource>>;
  /** Events read and delivered together. */
  readonly batchSize?: number;
}

export type EmbeddedFeed = FeedWithDeadLetters;

/** The feed straight from event stores in this process: the log is the outbox, and nothing is kept twice. */
export function embeddedFeed({ sources, batchSize = 1_000, ...terms }: EmbeddedFeedOptions): EmbeddedFeed {
  const pages = new Map<ServiceName, SourcePages>();

  return feedOver((source) => {
    const known = pages.get(source);
    if (known) return known;
    const log = sources[source];
    if (!log) throw new RangeError(`the feed has no source ${source}`);
    const opened = new SourcePages(log, batchSize);
    pages.set(source, opened);
    return opened;
  }, terms);
}
