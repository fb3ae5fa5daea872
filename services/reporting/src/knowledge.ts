import { type Clock, type Instant, instantOf, systemClock } from '@phancong/event-sourcing';
import type { ServiceName } from '@phancong/contracts';
import { positionText } from '@phancong/nest';
import type { Projection, Reader, ReadModels } from '@phancong/read-models';
import { Trees } from './facts/organisations.ts';
import type { Places } from './places.ts';

/** What answers are made from. */
export interface Knowledge {
  readonly reader: Reader;
  readonly trees: Trees;
  /** Opaque: how far the documents include each log. */
  readonly position: () => Promise<string>;
  readonly now: () => Instant;
}

export function knowledgeOf(readModels: ReadModels, projection: Projection, clock: Clock = systemClock): Knowledge {
  const position = async () => {
    const positions = await readModels.positions(projection);
    return projection.sources.map((source: ServiceName) => positionText(source, positions[source] ?? 0)).join('.');
  };
  return { reader: readModels.reader(projection), trees: new Trees(), position, now: () => instantOf(clock()) };
}

/** The tree as it is told now, which names the organisations, and the one that figures are added up by. */
export async function treesFor(
  { reader, trees }: Knowledge,
  knownAt: Instant | undefined,
): Promise<{ readonly now: Places; readonly then: Places }> {
  const now = await trees.now(reader);
  return { now, then: knownAt === undefined ? now : await trees.knownAt(reader, knownAt) };
}
