import type { EventId, Position } from '@phancong/event-sourcing';

/** Ids remembered; at 36 characters each, some megabytes. */
const REMEMBERED = 50_000;

/**
 * What this process knows of the end of its service's log, from its own appends and from the subscription. The server
 * looks for a repeated id only at the place where the append would stand, so the last ids are remembered here.
 */
export class LogTail {
  readonly #ids = new Set<EventId>();
  #position: Position = 0;
  #recordedAt = 0;

  /** Of the last event known. */
  get position(): Position {
    return this.#position;
  }

  /** The latest `recordedAt` known, in ms since 1970. */
  get recordedAt(): number {
    return this.#recordedAt;
  }

  /** @param recordedAt in ms since 1970 */
  saw(id: EventId, position: Position, recordedAt = 0): void {
    this.#ids.add(id);
    for (const oldest of this.#ids) {
      if (this.#ids.size <= REMEMBERED) break;
      this.#ids.delete(oldest);
    }
    this.#position = Math.max(this.#position, position);
    this.#recordedAt = Math.max(this.#recordedAt, recordedAt);
  }

  has(id: EventId): boolean {
    return this.#ids.has(id);
  }
}
