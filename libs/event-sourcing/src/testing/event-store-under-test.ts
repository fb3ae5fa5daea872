import type { EventStore, RecordedEvent } from '../event-store.ts';
import type { Clock } from '../time.ts';

/** A new, empty store. */
export interface MadeStore {
  readonly store: EventStore;
  /** Closes what is open and removes what is left. */
  readonly cleanUp: () => Promise<void>;
}
export type MakeStore = (clock: Clock) => Promise<MadeStore>;

export interface MadeDurableStore extends MadeStore {
  /** Closes the store and opens what it left behind. */
  readonly reopen: () => Promise<EventStore>;
}
export type MakeDurableStore = (clock: Clock) => Promise<MadeDurableStore>;

/** A clock that tells what it is told. */
export class SettableClock {
  now = new Date('2014-05-02T03:04:05.678Z');
  readonly tell: Clock = () => this.now;
  set(instant: string): void {
    this.now = new Date(instant);
  }
}

/** All the events of the store, read in pages. */
export async function wholeLog(store: EventStore, page = 1_000): Promise<RecordedEvent[]> {
  const log: RecordedEvent[] = [];
  for (;;) {
    const events = await store.readAll(log.at(-1)?.position ?? 0, page);
    log.push(...events);
    if (events.length < page) return log;
  }
}

export const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);
