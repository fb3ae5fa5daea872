import type { Position } from '@phancong/event-sourcing';
import type { Message as KafkaRecord } from 'kafkajs';
import { z } from 'zod';

/**
 * Everything that a log holds up to `through` stands in the topic of its messages, up to these offsets. Written in
 * one transaction with the messages.
 */
export interface Watermark {
  readonly through: Position;
  /** By partition, the offset of its last record; -1 while there is none. */
  readonly ends: readonly number[];
}

const WatermarkValue = z.object({ through: z.int().nonnegative(), ends: z.array(z.int().gte(-1)) });
const BegunValue = z.object({ begun: z.string() });
/** What the topic of watermarks holds; `begun`: a relay has taken over. */
const WatermarkRecord = z.union([WatermarkValue, BegunValue]);

/** Of watermarks over this many records Kafka need keep one only: a reader that begins at it skips the rest. */
const SPACING = 4_096;

const spaceOf = ({ ends }: Watermark): number => Math.floor(ends.reduce((sum, end) => sum + end + 1, 0) / SPACING);

/** The topic is compacted: it keeps the last watermark of each stretch, so it is an index from positions to offsets, too. */
export const watermarkRecord = (watermark: Watermark): KafkaRecord => ({
  key: String(spaceOf(watermark)),
  value: JSON.stringify(watermark),
});

export const begunRecord = (begun: string): KafkaRecord => ({ key: 'begun', value: JSON.stringify({ begun }) });

/** @returns `undefined` for what no relay has written */
export function readWatermark(value: Buffer | null): z.infer<typeof WatermarkRecord> | undefined {
  try {
    return WatermarkRecord.parse(JSON.parse(value?.toString() ?? ''));
  } catch {
    return undefined;
  }
}

/** Watermarks in the order of their topic: the last one, and enough of the earlier ones to begin near any position. */
export class WatermarkIndex {
  readonly #kept: Watermark[] = [];

  add(watermark: Watermark): void {
    const last = this.#kept.at(-1);
    if (last && last.through > watermark.through) return;
    if (last && spaceOf(last) === spaceOf(watermark)) this.#kept.pop();
    this.#kept.push(watermark);
  }

  latest(): Watermark {
    return this.#kept.at(-1) ?? NOTHING;
  }

  /** The last one kept that is not beyond the position: whatever follows the position comes after its offsets. */
  before(position: Position): Watermark {
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#kept[middle]?.through ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return this.#kept[low - 1] ?? NOTHING;
  }
}

const NOTHING: Watermark = { through: 0, ends: [] };

/** A topic is read or written with another number of partitions than its messages were spread over. */
export class OtherPartitions extends Error {
  override readonly name = 'OtherPartitions';
}

/** @throws OtherPartitions where some would be left out */
export function inPartitions(watermark: Watermark, partitions: number): Watermark {
  const found = watermark.ends.length;
  if (found > 0 && found !== partitions)
    throw new OtherPartitions(`the messages stand in ${found} partitions, but ${partitions} are declared here`);
  return watermark;
}

export const endOf = ({ ends }: Watermark, partition: number): number => ends[partition] ?? -1;
