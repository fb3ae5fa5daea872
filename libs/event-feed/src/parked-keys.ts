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

/** What an operator can do about messages that could not be consumed. */
export interface DeadLetters {
  list(): Promise<readonly ParkedKey[]>;
  /**
   * Delivers the key's messages again, in order, from the one that failed to where the consumer stands now;
   * the key then goes on with the others.
   * @throws what the consumer throws; the key stays parked. RangeError if it is not parked or nobody consumes it.
   */
  replay(parked: ParkedKeyName): Promise<void>;
  /** Gives up the messages held back so far; the key goes on with what comes next. */
  drop(parked: ParkedKeyName): Promise<void>;
}

/** Remembers parked keys. Only names and positions: the messages stay in the log. */
export interface ParkedKeys {
  /** Keeps the earlier position if the key is parked already. */
  add(parked: ParkedKey): Promise<void>;
  all(): Promise<readonly ParkedKey[]>;
  remove(parked: ParkedKeyName): Promise<void>;
  close(): Promise<void>;
}

export const nameOf = ({ consumer, source, key }: ParkedKeyName): string => JSON.stringify([consumer, source, key]);

export function inMemoryParkedKeys(): ParkedKeys {
  const keys = new Map<string, ParkedKey>();
  return {
    async add(parked) {
      const known = keys.get(nameOf(parked));
      if (!known || known.position > parked.position) keys.set(nameOf(parked), parked);
    },
    all: async () => [...keys.values()],
    async remove(parked) {
      keys.delete(nameOf(parked));
    },
    async close() {},
  };
}
