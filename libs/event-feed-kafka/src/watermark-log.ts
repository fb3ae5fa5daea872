import type { Position } from '@phancong/event-sourcing';
import type { Kafka } from 'kafkajs';
import { Tail } from './tail.ts';
import { type Watermark, WatermarkIndex, readWatermark } from './watermark.ts';

export interface WatermarkLogOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly onFailure: (error: unknown) => void;
}

/** Follows how far a service's log has been relayed. */
export class WatermarkLog {
  /** Settles once what stood there at the beginning has been read. */
  readonly ready: Promise<void>;
  readonly #index = new WatermarkIndex();
  readonly #listeners = new Set<() => void>();
  readonly #begun = new Map<string, () => void>();
  readonly #tail: Tail;

  constructor({ kafka, topic, onFailure }: WatermarkLogOptions) {
    this.#tail = new Tail({
      kafka,
      topic,
      starts: [0],
      onFailure,
      onRead: (_partition, records) => {
        for (const { value } of records) this.#take(value);
        for (const listener of this.#listeners) listener();
      },
    });
    this.ready = this.#tail.readToEnd();
  }

  latest(): Watermark {
    return this.#index.latest();
  }

  before(position: Position): Watermark {
    return this.#index.before(position);
  }

  /** Calls `listener` when there may be a later one. Returns what ends that. */
  onAdvanced(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when a relay's sign that it takes over has been read, and so all that was written before it; or when it is called off. */
  whenBegun(sign: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        this.#begun.delete(sign);
        signal.removeEventListener('abort', over);
        resolve();
      };
      signal.addEventListener('abort', over);
      this.#begun.set(sign, over);
    });
  }

  /** Resolves when all that stands there now has been read. */
  readToEnd(): Promise<void> {
    return this.#tail.readToEnd();
  }

  trouble(): string | undefined {
    return this.#tail.trouble();
  }

  stop(): Promise<void> {
    return this.#tail.stop();
  }

  #take(value: Buffer | null): void {
    const read = readWatermark(value);
    if (!read) return;
    if ('through' in read) this.#index.add(read);
    else this.#begun.get(read.begun)?.();
  }
}
