import type { Message } from '@phancong/contracts';
import type { EventStore, Position, RecordedEvent } from '@phancong/event-sourcing';
import type { Publish } from './feed.ts';

/** A service's log and how its events are published. */
export interface FeedSource {
  readonly store: EventStore;
  readonly publish: Publish;
}

/** A published event; with an `error` instead of the message if its translation failed. */
export type Item =
  | { readonly key: string; readonly position: Position; readonly message: Message; readonly error?: undefined }
  | { readonly key: string; readonly position: Position; readonly message?: undefined; readonly error: unknown };

export interface SourcePage {
  readonly after: Position;
  readonly through: Position;
  readonly items: readonly Item[];
  /** As long as a page may be: there is probably more. */
  readonly full: boolean;
}

/** What a service has published, page by page. */
export interface Pages {
  /** Calls `listener` whenever there may be more. Returns what ends that. */
  onAppended(listener: () => void): () => void;
  /** What follows the position (a page may begin before it); `undefined` at the end. */
  after(position: Position): Promise<SourcePage | undefined>;
  /** The key's items after a position, through another. */
  ofKey(key: string, after: Position, through: Position): Promise<readonly Item[]>;
}

/** Pages kept for subscribers that follow one another closely. */
const KEPT = 8;

/** Reads and translates a log page by page; several readers at one position share the work. */
export class SourcePages implements Pages {
  readonly #source: FeedSource;
  readonly #batchSize: number;
  readonly #kept = new Map<Position, SourcePage>();
  readonly #reading = new Map<Position, Promise<SourcePage | undefined>>();

  constructor(source: FeedSource, batchSize: number) {
    this.#source = source;
    this.#batchSize = batchSize;
  }

  /** Calls `listener` after every append. */
  onAppended(listener: () => void): () => void {
    return this.#source.store.onAppended(() => {
      // A read that began before this append may have seen the end of the log where there is more now.
      this.#reading.clear();
      listener();
    });
  }

  /** What follows the position; `undefined` at the end of the log. */
  after(position: Position): Promise<SourcePage | undefined> {
    const kept = this.#kept.get(position);
    if (kept) return Promise.resolve(kept);
    const known = this.#reading.get(position);
    if (known) return known;
    const reading = this.#read(position).finally(() => {
      if (this.#reading.get(position) === reading) this.#reading.delete(position);
    });
    this.#reading.set(position, reading);
    return reading;
  }

  /** The stream's items after a position, through another. */
  async ofKey(key: string, after: Position, through: Position): Promise<readonly Item[]> {
    const events = await this.#source.store.readStream(key);
    return this.#translate(events.filter(({ position }) => position > after && position <= through));
  }

  async #read(after: Position): Promise<SourcePage | undefined> {
    const events = await this.#source.store.readAll(after, this.#batchSize);
    const last = events.at(-1);
    if (!last) return undefined;
    const full = events.length === this.#batchSize;
    const page = { after, through: last.position, items: this.#translate(events), full };
    this.#kept.set(after, page);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return page;
  }

  #translate(events: readonly RecordedEvent[]): readonly Item[] {
    const items: Item[] = [];
    for (const event of events) {
      const { stream: key, position } = event;
      try {
        const message = this.#source.publish(event);
        if (message) items.push({ key, position, message });
      } catch (error) {
        items.push({ key, position, error });
      }
    }
    return items;
  }
}
