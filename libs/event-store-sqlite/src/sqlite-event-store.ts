import { AsyncResource } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Appended,
  type Clock,
  instantOf,
  type Position,
  type RecordedEvent,
  type SealableEventStore,
  SharedTurn,
  StoreClosed,
  systemClock,
} from '@phancong/event-sourcing';
import { diskError } from './disk-errors.ts';
import { openLogFile } from './log-file.ts';
import { logReader } from './log-reader.ts';
import { type Append, logWriter } from './log-writer.ts';

export interface SqliteEventStoreOptions {
  /** Path of the log; made if it is not there (its folder must be). */
  readonly file: string;
  /** Sets `recordedAt`; asked when `append` is called. */
  readonly clock?: Clock;
}

interface Waiting extends Append {
  readonly resolve: (answer: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/** Events read at a stretch before others get their turn. */
const PAGE = 2_000;
/** Appends in one transaction; what goes beyond waits for the next turn. */
const LARGEST_GROUP = 500;

/**
 * The EventStore port on one SQLite file. Appends that are asked for in the same turn of the event loop share a
 * transaction (group commit), and each is answered when that is on disk.
 * @throws UnknownLogFile when the file is something else, or of a newer version
 */
export function sqliteEventStore({ file, clock = systemClock }: SqliteEventStoreOptions): SealableEventStore {
  const db = openLogFile(file);
  const reader = logReader(db);
  const writer = logWriter(db);
  const begin = db.prepare('BEGIN');
  const end = db.prepare('COMMIT');
  // Each read by itself would take and give back the lock of the file, which takes longer than most reads (ADR 0127).
  const reads = new SharedTurn(
    () => begin.run(),
    () => db.inTransaction && end.run(),
  );
  const listeners = new Set<(head: Position) => void>();
  const waiting: Waiting[] = [];

  const open = (): void => {
    if (!db.open) throw new StoreClosed('the store is closed');
  };

  const read = <Result>(what: () => Result): Result => {
    open();
    reads.join();
    return what();
  };

  const flush = (): void => {
    const group = waiting.splice(0, LARGEST_GROUP);
    if (waiting.length > 0) setImmediate(flush);
    if (group.length === 0) return;
    try {
      reads.finish();
      const outcomes = writer.write(group);
      group.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index];
        if (outcome && 'made' in outcome) resolve(outcome.made);
        else reject(outcome?.refused);
      });
      if (!outcomes.some((outcome) => 'made' in outcome)) return;
    } catch (error) {
      const told = diskError(error);
      for (const { reject } of group) reject(told);
      return;
    }
    const head = reader.head();
    // After the answers, so that what a listener throws does not hold up anything.
    queueMicrotask(() => listeners.forEach((listener) => listener(head)));
  };

  return {
    append: (stream, expected, events) =>
      new Promise<Appended>((resolve, reject) => {
        open();
        if (events.length === 0) throw new RangeError('append needs at least one event');
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ stream, expected, events, at: clock().getTime(), resolve, reject });
      }),
    async readStream(stream, from = 0) {
      const found: RecordedEvent[] = [];
      for (;;) {
        const page = read(() => reader.stream(stream, from + found.length, PAGE));
        if (found.length === 0 && page.length < PAGE) return page;
        found.push(...page);
        if (page.length < PAGE) return found;
        await nextTurn();
      }
    },
    readAll: async (after, limit) => read(() => reader.all(after, limit)),
    head: async () => read(() => reader.head()),
    async seal(at) {
      open();
      reads.finish();
      const { position, recordedAt } = writer.seal(Date.parse(at));
      return { at: instantOf(new Date(recordedAt)), head: position };
    },
    onAppended(listener) {
      // In the context of who subscribed, not of the request that happened to append.
      const bound = AsyncResource.bind(listener);
      listeners.add(bound);
      return () => listeners.delete(bound);
    },
    async close() {
      if (!db.open) return;
      while (waiting.length > 0) flush();
      db.close();
    },
  };
}
