import type { ServiceName } from '@phancong/contracts';
import type { SourcePage } from '@phancong/event-feed';
import type { Position } from '@phancong/event-sourcing';
import type { Kafka } from 'kafkajs';
import { Merging } from './merging.ts';
import { readRecord } from './message-record.ts';
import { Tail } from './tail.ts';
import { endOf } from './watermark.ts';
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
          records.map((record) => readRecord(source, partition, record)),
          next,
        );
        if (this.#merging.waiting(partition) >= ahead) this.#tail.pause(partition);
        this.#wake();
      },
    });
    this.#unsubscribe = watermarks.onAdvanced(() => this.#wake());
  }

  /** All before it has been given. */
  get position(): Position {
    return this.#position;
  }

  trouble(): string | undefined {
    return this.#tail.trouble();
  }

  /**
   * The next page: as many items as asked for, or all up to the last watermark.
   * @throws when it is closed
   */
  async next(size: number): Promise<SourcePage> {
    const after = this.#position;
    const items = [];
    for (;;) {
      if (this.#closed) throw new Error(`reading ${this.#options.topic} was stopped`);
      const taken = this.#merging.take(size - items.length, this.#options.watermarks.latest());
      items.push(...taken.items);
      this.#resume();
      if (taken.complete || items.length >= size) {
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
    for (let partition = 0; partition < partitions; partition += 1)
      if (this.#merging.waiting(partition) < ahead / 2) this.#tail.resume(partition);
  }
}
