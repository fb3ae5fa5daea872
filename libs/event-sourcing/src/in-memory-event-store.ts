import { AsyncResource } from 'node:async_hooks';
import {
  type Appended,
  DuplicateEvent,
  type ExpectedRevision,
  type NewEvent,
  type Position,
  type RecordedEvent,
  type SealableEventStore,
  StoreClosed,
  WrongExpectedRevision,
} from './event-store.ts';
import type { EventId } from './ids.ts';
import { type Clock, type Instant, instantOf, systemClock } from './time.ts';

/** The EventStore port in memory, for tests and tools. */
export function inMemoryEventStore(clock: Clock = systemClock): SealableEventStore {
  const log: RecordedEvent[] = [];
  const streams = new Map<string, RecordedEvent[]>();
  const ids = new Map<EventId, RecordedEvent>();
  const listeners = new Set<(head: Position) => void>();
  let closed = false;
  let sealed = '';

  const head = (): Position => log.at(-1)?.position ?? 0;
  const open = (): void => {
    if (closed) throw new StoreClosed('the store is closed');
  };

  const answerAgain = (
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Appended | undefined => {
    const start = expected === 'none' ? 0 : expected + 1;
    const stored = streams.get(stream)?.slice(start, start + events.length) ?? [];
    const same = events.every((event, index) => stored[index]?.id === event.id);
    const last = stored.at(-1);
    return same && last ? { revision: last.revision, position: last.position } : undefined;
  };

  return {
    async append(stream, expected, events) {
      open();
      const first = events[0];
      if (!first) throw new RangeError('append needs at least one event');
      const existing = streams.get(stream) ?? [];
      const actual = existing.length === 0 ? 'none' : existing.length - 1;
      const again = answerAgain(stream, expected, events);
      if (again) return again;
      if (actual !== expected) throw new WrongExpectedRevision(stream, expected, actual);
      const repeated = events.find(
        (event, index) => ids.has(event.id) || events.findIndex(({ id }) => id === event.id) < index,
      );
      if (repeated) throw new DuplicateEvent(repeated.id);
      const now = instantOf(clock());
      const due = now > sealed ? now : instantOf(new Date(Date.parse(sealed) + 1));
      const before: Instant | undefined = log.at(-1)?.recordedAt;
      const recordedAt = before && before > due ? before : due;
      for (const event of events) {
        const recorded = { ...event, stream, revision: existing.length, position: head() + 1, recordedAt };
        existing.push(recorded);
        log.push(recorded);
        ids.set(event.id, recorded);
      }
      streams.set(stream, existing);
      // After the answer, so that what a listener throws is not taken for a refusal.
      queueMicrotask(() => listeners.forEach((listener) => listener(head())));
      return { revision: existing.length - 1, position: head() };
    },
    async readStream(stream, from = 0) {
      open();
      return streams.get(stream)?.slice(from) ?? [];
    },
    async readAll(after, limit) {
      open();
      return log.slice(after, after + limit);
    },
    async head() {
      open();
      return head();
    },
    async seal(at) {
      open();
      const last = log.at(-1)?.recordedAt ?? at;
      const latest = last > at ? last : at;
      if (latest > sealed) sealed = latest;
      return { at: latest, head: head() };
    },
    onAppended(listener) {
      // In the context of who subscribed, not of the request that happened to append.
      const bound = AsyncResource.bind(listener);
      listeners.add(bound);
      return () => listeners.delete(bound);
    },
    async close() {
      closed = true;
    },
  };
}
