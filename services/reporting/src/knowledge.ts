import type { ServiceName } from '@phancong/contracts';
import { type Instant, instantOf, type SealedLogs, systemClock } from '@phancong/event-sourcing';
import { positionText } from '@phancong/nest';
import type { Positions, Projection, Reader, ReadModels } from '@phancong/read-models';
import { Trees } from './facts/organisations.ts';
import { Horizon } from './horizon.ts';

/** What answers are made from. */
export interface Knowledge {
  readonly reader: Reader;
  readonly trees: Trees;
  readonly horizon: Horizon;
  readonly sources: readonly ServiceName[];
  readonly positions: () => Promise<Positions>;
  /** Opaque: how far the documents include each log. */
  readonly position: () => Promise<string>;
  /** Resolves when the documents include each log up to there. */
  readonly caughtUp: (positions: Positions) => Promise<void>;
  /** Up to so many documents with news, the news are taken away from the figures of today; beyond, everybody is counted anew. */
  readonly mostNews: number;
}

export interface KnowledgeOptions {
  /** Seals the logs now; without it nothing is written any more. */
  readonly seal?: () => Promise<SealedLogs<ServiceName>>;
  readonly caughtUp?: (positions: Positions) => Promise<void>;
  readonly mostNews?: number;
}

export function knowledgeOf(
  readModels: ReadModels,
  projection: Projection,
  { seal = nothingWritten, caughtUp = async () => undefined, mostNews = MOST_NEWS }: KnowledgeOptions = {},
): Knowledge {
  const { sources } = projection;
  const positions = () => readModels.positions(projection);
  return {
    reader: readModels.reader(projection),
    trees: new Trees(),
    horizon: new Horizon(sources, seal),
    sources,
    positions,
    position: async () => textOf(await positions(), sources),
    caughtUp,
    mostNews,
  };
}

const MOST_NEWS = 20_000;

export const textOf = (positions: Positions, sources: readonly ServiceName[]): string =>
  sources.map((source) => positionText(source, positions[source] ?? 0)).join('.');

const nothingWritten = async (): Promise<{ readonly at: Instant; readonly heads: Positions }> => ({
  at: instantOf(systemClock()),
  heads: {},
});
