import type { Item, Pages, SourcePage } from '@phancong/event-feed';
import type { Position } from '@phancong/event-sourcing';
import { TopicReader, type TopicReaderOptions } from './topic-reader.ts';

/** Pages kept for subscribers that follow one another closely. */
const KEPT = 16;
/** Readers at different places of the topic. */
const READERS = 8;

/** What a service has published, read from its topic: subscribers at one place share the work. */
export class TopicPages implements Pages {
  readonly #options: TopicReaderOptions;
  readonly #pageSize: number;
  #kept: SourcePage[] = [];
  readonly #reading = new Map<Position, Promise<SourcePage>>();
  /** By position; the one used last comes last. */
  readonly #readers = new Map<Position, TopicReader>();
  readonly #closing = new Set<Promise<void>>();
  #closed = false;

  constructor(options: TopicReaderOptions, pageSize: number) {
    this.#options = options;
    this.#pageSize = pageSize;
  }

  onAppended(listener: () => void): () => void {
    return this.#options.watermarks.onAdvanced(listener);
  }

  async after(position: Position): Promise<SourcePage | undefined> {
    const { watermarks } = this.#options;
    await watermarks.ready;
    if (watermarks.latest().through <= position) return undefined;
    const kept = this.#kept.find((page) => page.after <= position && position < page.through);
    if (kept) return kept;
    const known = this.#reading.get(position);
    if (known) return known;
    const reading = this.#read(position).finally(() => this.#reading.delete(position));
    this.#reading.set(position, reading);
    return reading;
  }

  async ofKey(key: string, after: Position, through: Position): Promise<readonly Item[]> {
    const { watermarks } = this.#options;
    await watermarks.readToEnd();
    const end = Math.min(through, watermarks.latest().through);
    const items: Item[] = [];
    if (after >= end) return items;
    const reader = new TopicReader(this.#options, after);
    try {
      while (reader.position < end)
        for (const item of (await reader.next(this.#pageSize)).items)
          if (item.key === key && item.position <= end) items.push(item);
      return items;
    } finally {
      await reader.close();
    }
  }

  trouble(): string | undefined {
    const troubles = [this.#options.watermarks, ...this.#readers.values()].map((each) => each.trouble());
    return troubles.find((trouble) => trouble !== undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const reader of this.#readers.values()) this.#close(reader);
    this.#readers.clear();
    await Promise.all(this.#closing);
  }

  async #read(position: Position): Promise<SourcePage> {
    if (this.#closed) throw new Error(`the pages of ${this.#options.topic} are closed`);
    const reader = this.#readers.get(position) ?? new TopicReader(this.#options, position);
    // While it reads, nobody else takes it; it counts among the readers, so that it is closed with them.
    this.#readers.delete(position);
    this.#readers.set(position, reader);
    const page = await reader.next(this.#pageSize);
    this.#readers.delete(position);
    this.#keep(reader, page);
    return page;
  }

  #keep(reader: TopicReader, page: SourcePage): void {
    this.#kept = [...this.#kept.slice(1 - KEPT), page];
    if (this.#closed || this.#readers.has(page.through)) this.#close(reader);
    else this.#readers.set(page.through, reader);
    for (const [position, oldest] of this.#readers) {
      if (this.#readers.size <= READERS) break;
      if (this.#reading.has(position)) continue;
      this.#readers.delete(position);
      this.#close(oldest);
    }
  }

  #close(reader: TopicReader): void {
    const closing = reader.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
