import type { ServiceName } from '@phancong/contracts';
import type { Position } from '@phancong/event-sourcing';

export interface ProgressReader {
  /** Unique among all services. */
  readonly reader: string;
  /** The service that answers from what it reads. */
  readonly service: string;
  readonly sources: readonly ServiceName[];
  /** A process: it reacts to messages by commands to its own service, before it reports them as consumed. */
  readonly process?: boolean;
}

/**
 * How far each reader has come, so that a request can wait until what it reads includes a command and all that
 * followed from it in other services.
 */
export interface Progress {
  /** Announces a reader: until it reports, it has consumed nothing. Returns what forgets it. */
  register(reader: ProgressReader): () => void;
  /** A reader reports that it has consumed `source` through `position`. */
  consumed(reader: string, source: ServiceName, position: Position): void;
  /**
   * Resolves when every reader of `service` has consumed `source` through `position`, and also what the processes of
   * all services wrote because of it.
   * @throws NotCaughtUp after `withinMs`
   */
  waitFor(service: string, source: ServiceName, position: Position, withinMs: number): Promise<void>;
}

/** The readers are still behind: ask again a little later. */
export class NotCaughtUp extends Error {
  override readonly name = 'NotCaughtUp';
}
