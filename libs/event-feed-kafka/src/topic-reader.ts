import type { ServiceName } from '@phancong/contracts';
import type { SourcePage } from '@phancong/event-feed';
import type { Position } from '@phancong/event-sourcing';
import type { Kafka } from 'kafkajs';
import { Merging } from './merging.ts';
import { readRecord } from './message-record.ts';
import { Tail } from './tail.ts';
import { endOf, inPartitions } from './watermark.ts';
import type { WatermarkLog } from './watermark-log.ts';

export interface TopicReaderOptions {
  readonly kafka: Kafka;
  readonly source: ServiceName;
  readonly topic: string;
  readonly partitions: number;
  readonly watermarks: WatermarkLog;
  readonly onFailure: (error: unknown) => void;
  /** Records of one partition that are kept ready; beyond it the partition is paused. */
  readonly ahead: number;
}

/** As the relay's batches: a page holds no more, unless one message alone is larger. */
const PAGE_BYTES = 4 * 1024 * 1024;
/** Of one partition, kept ready. */
const AHEAD_BYTES = 4 * 1024 * 1024;

/** Reads what a service has published after a position, in the order of its log, page after page. */
export class TopicReader {
  readonly #options: TopicReaderOptions;
  readonly #merging: Merging;
  readonly #tail: Tail;
  readonly #unsubscribe: () => void;
  #position: Position;
  #wake: () => void = () => undefined;
  #closed = false;

  constructor(options: TopicReaderOptions, after: Position) {
    const { kafka, source, topic, partitions, watermarks, ahead, onFailure } = options;
    const start = watermarks.before(after);
    const starts = Array.from({ length: partitions }, (_, partition) => endOf(start, partition) + 1);
    this.#options = options;
    this.#position = after;
    this.#merging = new Merging(after, starts);
    this.#tail = new Tail({
      kafka,
      topic,
      starts,
      onFailure,
      onRead: (partition, records, next) => {
        this.#merging.add(
          partition,
          records.map((record) => readRecord(source, { partition, partitions }, record)),
          next,
        );
        const waiting = this.#merging.waiting(partition);
        if (waiting.records >= ahead || waiting.bytes >= AHEAD_BYTES) this.#tail.pause(partition);
        this.#wake();
      },
    });
    this.#unsubscribe = watermarks.onAdvanced(() => this.#wake());
  }

  /** All before it has been given. */
  get position(): Position {
    return this.#position;
  }

  /** Records read ahead of what was asked for. */
  ahead(): number {
    const { partitions } = this.#options;
    const waiting = Array.from({ length: partitions }, (_, partition) => this.#merging.waiting(partition).records);
    return waiting.reduce((sum, records) => sum + records, 0);
  }

  trouble(): string | undefined {
    return this.#tail.trouble();
  }

  /**
   * The next page: as many items as asked for, or all up to the last watermark.
   * @throws OtherPartitions; when it is closed
   */
  async next(size: number): Promise<SourcePage> {
    const after = this.#position;
    const items = [];
    let bytes = 0;
    for (;;) {
      if (this.#closed) throw new Error(`reading ${this.#options.topic} was stopped`);
      const { watermarks, partitions } = this.#options;
      const latest = inPartitions(watermarks.latest(), partitions);
      const taken = this.#merging.take(size - items.length, latest, PAGE_BYTES - bytes);
      items.push(...taken.items);
      bytes += taken.bytes;
      this.#resume();
      if (taken.complete || items.length >= size || bytes >= PAGE_BYTES) {
        this.#position = taken.through;
        return { after, through: taken.through, items, full: !taken.complete };
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    this.#wake();
    await this.#tail.stop();
  }

  #resume(): void {
    const { partitions, ahead } = this.#options;
    for (let partition = 0; partition < partitions; partition += 1) {
      const { records, bytes } = this.#merging.waiting(partition);
      if (records < ahead / 2 && bytes < AHEAD_BYTES / 2) this.#tail.resume(partition);
    }
  }
}
