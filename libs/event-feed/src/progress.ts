import type { ServiceName } from '@phancong/contracts';
import type { Position } from '@phancong/event-sourcing';

/**
 * How far each reader has come, so that a request can wait until what it reads includes a command and all that
 * followed from it in other services.
 */
export interface Progress {
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
