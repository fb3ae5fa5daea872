import type { ServiceName } from '@phancong/contracts';
import type { Instant, Position } from '@phancong/event-sourcing';

/** A key whose messages are held back from one consumer, because one of them could not be consumed. */
export interface ParkedKey {
  readonly consumer: string;
  readonly source: ServiceName;
  readonly key: string;
  /** Position of the first message held back. */
  readonly position: Position;
  readonly error: string;
  readonly parkedAt: Instant;
}

export type ParkedKeyName = Pick<ParkedKey, 'consumer' | 'source' | 'key'>;

/** The messages held back of a key: the one that failed and those that came after it. */
export interface Held {
  readonly messages: number;
  /** Position of the last of them. */
  readonly through: Position;
}

export interface DropDecision {
  /** In the operator's words. */
  readonly reason: string;
  /** Who decided it. */
  readonly by: string;
}

/** What was given up. The messages themselves still stand in the log, from `position` through `through`. */
export interface DroppedKey extends ParkedKey, Held, DropDecision {
  readonly droppedAt: Instant;
}

/** What an operator can do about messages that could not be consumed. */
export interface DeadLetters {
  list(): Promise<readonly ParkedKey[]>;
  /** As far as the consumer has come; all that there is, if nobody consumes it. */
  held(parked: ParkedKey): Promise<Held>;
  /**
   * Delivers the key's messages again, in order, from the one that failed to where the consumer stands now;
   * the key then goes on with the others.
   * @throws what the consumer throws; the key stays parked. Refusal `not-parked`, or `not-consumed` if nobody does.
   */
  replay(parked: ParkedKeyName): Promise<Held>;
  /**
   * Gives up the messages held back so far, and writes down that it did; the key goes on with what comes next.
   * @throws Refusal `not-parked`
   */
  drop(parked: ParkedKeyName, decision: DropDecision): Promise<DroppedKey>;
  /** What was ever given up, the latest last. */
  dropped(): Promise<readonly DroppedKey[]>;
}

/** Remembers parked keys. Only names and positions: the messages stay in the log. */
export interface ParkedKeys {
  /** Keeps the earlier position if the key is parked already. */
  add(parked: ParkedKey): Promise<void>;
  all(): Promise<readonly ParkedKey[]>;
  remove(parked: ParkedKeyName): Promise<void>;
  /** Removes the key and writes down what was given up, both or neither. */
  drop(dropped: DroppedKey): Promise<void>;
  /** In the order in which they were given up. */
  dropped(): Promise<readonly DroppedKey[]>;
  close(): Promise<void>;
}

export const nameOf = ({ consumer, source, key }: ParkedKeyName): string => JSON.stringify([consumer, source, key]);

export function inMemoryParkedKeys(): ParkedKeys {
  const keys = new Map<string, ParkedKey>();
  const givenUp: DroppedKey[] = [];
  return {
    async add(parked) {
      const known = keys.get(nameOf(parked));
      if (!known || known.position > parked.position) keys.set(nameOf(parked), parked);
    },
    all: async () => [...keys.values()],
    async remove(parked) {
      keys.delete(nameOf(parked));
    },
    async drop(dropped) {
      keys.delete(nameOf(dropped));
      givenUp.push(dropped);
    },
    dropped: async () => [...givenUp],
    async close() {},
  };
}
