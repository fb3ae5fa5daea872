import { AsyncResource } from 'node:async_hooks';
import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import {
  type Appended,
  type Clock,
  DuplicateEvent,
  type EventStore,
  type Position,
  type RecordedEvent,
  type Revision,
  StoreClosed,
  StoreUnavailable,
  systemClock,
  WrongExpectedRevision,
} from '@phancong/event-sourcing';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { type Append, appendQueue } from './append-queue.ts';
import { batchAppends } from './batch-appends.ts';
import { type Following, followLog, type LogFollower } from './log-follower.ts';
import { LogTail } from './log-tail.ts';
import { logRequest, read, streamEndRequest, streamRequest } from './reading.ts';
import { positionOf, prefixOf, serverStream, storedEvent } from './stored-event.ts';
import { pauseMs, persist, textOf } from './trouble.ts';

export interface KurrentEventStoreOptions {
  /** `kurrentdb://…` or `esdb://…`, with the server's options behind it, e.g. `kurrentdb://127.0.0.1:2113?tls=false`. */
  readonly connectionString: string;
  /** Whose log this is, e.g. `membership`: its streams are `membership/…` on the server, and it sees no others. */
  readonly service: string;
  /** Sets `recordedAt`; asked when `append` is called. */
  readonly clock?: Clock;
  /** How long an answer to an append is waited for before it is sent again. */
  readonly answerMs?: number;
  /** How long anything is tried before it fails with StoreUnavailable. */
  readonly patienceMs?: number;
}

export interface KurrentEventStore extends EventStore {
  /** How the subscription stands that listeners depend on, for readiness. */
  following(): Following;
}

/** The last events, whose ids are known from the beginning. */
const KNOWN_FROM_START = 1_000;

/**
 * The client knows the older name only; and with its own settings it takes 20 s to see that nothing comes over a
 * connection any more. It warns of asking the server more often than every 10 s, so it waits less for the answer.
 */
function forClient(connectionString: string): string {
  const named = connectionString.trim().replace(/^kurrentdb(?=(\+discover)?:)/, 'esdb');
  if (/[?&]keepAliveTimeout=/i.test(named)) return named;
  return `${named}${named.includes('?') ? '&' : '?'}keepAliveTimeout=3000`;
}

/**
 * The EventStore port on KurrentDB or EventStoreDB (23.10 or later). Connects by itself, as often as it takes.
 * @throws Error when the connection string is wrong
 */
export function kurrentEventStore({
  connectionString,
  service,
  clock = systemClock,
  answerMs = 5_000,
  patienceMs = 15_000,
}: KurrentEventStoreOptions): KurrentEventStore {
  const client = EventStoreDBClient.connectionString(forClient(connectionString));
  const closing = new AbortController();
  const closed = closing.signal;
  // Every try that pauses listens to it.
  setMaxListeners(0, closed);
  const prefix = prefixOf(service);
  const tail = new LogTail();
  const listeners = new Set<(head: Position) => void>();
  let follower: LogFollower | undefined;
  let [headSeen, told, isTelling, isClosed] = [0, 0, false, false];

  const open = (): void => {
    if (isClosed) throw new StoreClosed('the store is closed');
  };

  const ask = async (request: ReadReq, until: Date): Promise<RecordedEvent[]> =>
    (await read.call(client, request, until)).map((event) => storedEvent(service, event).event);
  const askFor = (request: ReadReq): Promise<RecordedEvent[]> =>
    persist((until) => ask(request, until), { patienceMs, closed });

  const lookUp = async ({ stream, expected, events }: Append): Promise<Appended> => {
    const name = serverStream(service, stream);
    const start = expected === 'none' ? 0 : Math.max(0, expected + 1);
    const standing = await askFor(streamRequest(name, start, events.length));
    const made = events.every(({ id }, index) => standing[index]?.id === id) ? standing.at(-1) : undefined;
    if (made) return { revision: made.revision, position: made.position };
    const [end] = await askFor(streamEndRequest(name));
    const actual = end?.revision ?? 'none';
    const ids = events.map(({ id }) => id);
    const twice = ids.find((id, index) => tail.has(id) || ids.indexOf(id) < index);
    if (actual !== expected || !twice) throw new WrongExpectedRevision(stream, expected, actual);
    throw new DuplicateEvent(twice);
  };

  const lookUpPosition = async (stream: string, revision: Revision): Promise<Position> => {
    const [event] = await askFor(streamRequest(serverStream(service, stream), revision, 1));
    if (!event) throw new Error(`stream ${stream}: the server told of revision ${revision}, which is not there`);
    return event.position;
  };

  /** Once a turn, with the highest of what has become known in it. */
  const tell = (head: Position): void => {
    if (head <= told) return;
    told = head;
    if (isTelling) return;
    isTelling = true;
    setImmediate(() => {
      isTelling = false;
      if (!isClosed) listeners.forEach((listener) => listener(told));
    });
  };

  const batch = batchAppends(client, answerMs);
  const queue = appendQueue({ service, batch, tail, patienceMs, lookUp, lookUpPosition, onMade: tell });

  /** Learns the end of the log, and follows it from there. */
  const begin = async (until: Date): Promise<LogFollower> => {
    const [end] = await read.call(client, logRequest('end', 1), until);
    const last = await ask(logRequest('end', KNOWN_FROM_START, prefix), until);
    for (const { id, position, recordedAt } of last.reverse()) tail.saw(id, position, Date.parse(recordedAt));
    headSeen = tail.position;
    tell(headSeen);
    return followLog({
      client,
      service,
      closed,
      after: end ? positionOf(end.position?.commit) : 0,
      onEvent: ({ event, last: isLast }) => {
        tail.saw(event.id, event.position, Date.parse(event.recordedAt));
        headSeen = event.position;
        if (isLast) tell(event.position);
      },
    });
  };

  let reason = 'not connected yet';
  const since = new Date();
  const connect = async (): Promise<void> => {
    for (let failures = 1; !closed.aborted; failures += 1) {
      try {
        follower = await begin(new Date(Date.now() + patienceMs));
        return queue.begin();
      } catch (error) {
        reason = textOf(error);
        queue.expire(error);
        await wait(pauseMs(failures), undefined, { signal: closed }).catch(() => undefined);
      }
    }
  };
  const connected = connect();

  return {
    append: async (stream, expected, events) => {
      open();
      if (events.length === 0) throw new RangeError('append needs at least one event');
      return queue.append(stream, expected, events, clock().getTime());
    },
    async readStream(stream, from: Revision = 0) {
      open();
      return askFor(streamRequest(serverStream(service, stream), from));
    },
    async readAll(after, limit) {
      open();
      // The server refuses to read from where no record begins, and so beyond the end.
      if (limit <= 0 || (after > tail.position && after >= (await this.head()))) return [];
      const events = await askFor(logRequest(after, limit + 1, prefix));
      return events.filter(({ position }) => position > after).slice(0, limit);
    },
    async head() {
      open();
      await Promise.race([
        connected,
        wait(patienceMs, undefined, { signal: closed, ref: false }).catch(() => undefined),
      ]);
      open();
      if (!follower) throw new StoreUnavailable(`the event store does not answer: ${reason}`);
      const later = await askFor(logRequest(follower.position(), undefined, prefix));
      return later.at(-1)?.position ?? headSeen;
    },
    onAppended(listener) {
      // In the context of who subscribed, not of the request that happened to append.
      const bound = AsyncResource.bind(listener);
      listeners.add(bound);
      return () => listeners.delete(bound);
    },
    following: () => follower?.following() ?? { live: false, since, reason },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await queue.close();
      closing.abort();
      await client.dispose();
      await connected;
    },
  };
}
