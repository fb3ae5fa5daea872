import type { Item } from '@phancong/event-feed';
import type { Position } from '@phancong/event-sourcing';
import type { ReadRecord } from './message-record.ts';
import { type Watermark, endOf } from './watermark.ts';

interface Lane {
  /** Records read and not yet taken. */
  records: ReadRecord[];
  taken: number;
  /** Of the records not yet taken. */
  bytes: number;
  /** All records below this offset have been read. */
  next: number;
}

interface Next {
  readonly lane: Lane;
  readonly record: ReadRecord;
  readonly position: Position;
}

export interface Taken {
  readonly items: readonly Item[];
  /** All that the log published up to here has been taken, now or before. */
  readonly through: Position;
  readonly bytes: number;
  /** Nothing is left up to the watermark. */
  readonly complete: boolean;
}

/**
 * Puts the partitions of a topic in the order of the log again. Within a partition positions grow. A record may be taken
 * when every other partition either shows its next one, or has been read to where the watermark says that it ends.
 */
export class Merging {
  readonly #lanes: readonly Lane[];
  #through: Position;
  #strays: ReadRecord[] = [];

  /** @param starts by partition, the first offset to be read */
  constructor(after: Position, starts: readonly number[]) {
    this.#through = after;
    this.#lanes = starts.map((next) => ({ records: [], taken: 0, bytes: 0, next }));
  }

  /** What of a partition has been read and not yet taken. */
  waiting(partition: number): { readonly records: number; readonly bytes: number } {
    const lane = this.#lanes[partition];
    return lane ? { records: lane.records.length - lane.taken, bytes: lane.bytes } : { records: 0, bytes: 0 };
  }

  /** @param next all records of the partition below this offset have been read now */
  add(partition: number, records: readonly ReadRecord[], next: number): void {
    const lane = this.#lanes[partition];
    if (!lane) throw new RangeError(`partition ${partition}`);
    for (const record of records) {
      if (record.offset < lane.next) continue;
      lane.records.push(record);
      lane.bytes += record.bytes;
    }
    lane.next = Math.max(lane.next, next);
  }

  /** At most `limit` items, and no more once they have that many bytes; but what no relay has written comes along. */
  take(limit: number, watermark: Watermark, mostBytes = Number.MAX_SAFE_INTEGER): Taken {
    const items: Item[] = [];
    let bytes = 0;
    for (;;) {
      const found = this.#first(watermark);
      if (found === 'unread') return { items, bytes, through: this.#through, complete: false };
      if (found === 'none') break;
      const { record, position, lane } = found;
      if (items.length >= limit || bytes >= mostBytes) return { items, bytes, through: this.#through, complete: false };
      items.push(record.item(position));
      bytes += record.bytes;
      drop(lane);
      this.#through = position;
    }
    this.#through = Math.max(this.#through, watermark.through);
    // They stand among what the watermark covers, but nothing says where: they count at its end.
    for (const stray of this.#strays) items.push(stray.item(this.#through));
    this.#strays = [];
    return { items, bytes, through: this.#through, complete: true };
  }

  /** The record that comes first; `unread` while one that has not been read may come before. */
  #first(watermark: Watermark): Next | 'unread' | 'none' {
    let first: Next | undefined;
    let unread = false;
    for (const [partition, lane] of this.#lanes.entries()) {
      const end = endOf(watermark, partition);
      const next = this.#next(lane, end, watermark.through);
      if (next) {
        if (!first || next.position < first.position) first = next;
      } else if (lane.next <= end) unread = true;
    }
    return unread ? 'unread' : (first ?? 'none');
  }

  /** The lane's next record, if it is covered. Repeats are left out; what no relay can have written is set aside. */
  #next(lane: Lane, end: number, through: Position): Next | undefined {
    for (;;) {
      const record = lane.records[lane.taken];
      if (!record || record.offset > end) return undefined;
      const { position } = record;
      if (position === undefined || position > through) this.#strays.push(record);
      else if (position > this.#through) return { lane, record, position };
      drop(lane);
    }
  }
}

/** Drops the lane's next record. */
function drop(lane: Lane): void {
  lane.bytes -= lane.records[lane.taken]?.bytes ?? 0;
  lane.taken += 1;
  if (lane.taken < 1_024) return;
  lane.records = lane.records.slice(lane.taken);
  lane.taken = 0;
}
