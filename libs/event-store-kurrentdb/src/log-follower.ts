import { setTimeout as wait } from 'node:timers/promises';
import { type EventStoreDBClient, START, streamNameFilter } from '@eventstore/db-client';
import type { Position } from '@phancong/event-sourcing';
import { positionOf, prefixOf, type StoredEvent, storedEvent } from './stored-event.ts';
import { pauseMs, textOf } from './trouble.ts';

/** How the subscription to the log stands. */
export type Following =
  | { readonly live: true; readonly since: Date }
  /** Hints about what others append do not come until it is live again. */
  | { readonly live: false; readonly since: Date; readonly reason: string };

export interface FollowTerms {
  readonly client: EventStoreDBClient;
  readonly service: string;
  readonly closed: AbortSignal;
  /** Begins after this position. */
  readonly after: Position;
  readonly onEvent: (stored: StoredEvent) => void;
}

/** Events received and not yet taken; the server waits beyond that. */
const BUFFERED = 64;

/**
 * Subscribes to the events of a service after a position. The client's subscription ends when a connection breaks or the
 * server restarts; this one subscribes again from where it stood, after a growing pause, until it is closed.
 */
export function followLog({ client, service, closed, after, onEvent }: FollowTerms) {
  const offset = BigInt(after);
  let seen = after === 0 ? undefined : { commit: offset, prepare: offset };
  let following: Following = { live: false, since: new Date(), reason: 'not subscribed yet' };
  let failures = 0;

  const moveTo = (place: { commit: bigint; prepare: bigint }): void => {
    if (!seen || place.commit > seen.commit) seen = place;
  };

  const subscribe = async (): Promise<void> => {
    const subscription = client.subscribeToAll(
      {
        fromPosition: seen ?? START,
        requiresLeader: true,
        filter: streamNameFilter({
          prefixes: [prefixOf(service)],
          checkpointInterval: 1,
          checkpointReached: async ({ readableLength }, position) => {
            // The client tells of it before what stands ahead of it has been taken.
            if (readableLength === 0) moveTo(position);
          },
        }),
      },
      { highWaterMark: BUFFERED },
    );
    // Its first error ends the loop below. A link that breaks may tell more of them, when nobody listens any more.
    subscription.on('error', () => undefined);
    subscription.on('caughtUp', () => {
      failures = 0;
      following = { live: true, since: new Date() };
    });
    const end = (): void => {
      subscription.destroy();
      void subscription.unsubscribe();
    };
    closed.addEventListener('abort', end);
    try {
      for await (const { event } of subscription) {
        if (!event) continue;
        onEvent(storedEvent(service, event));
        moveTo(event.position);
      }
    } finally {
      closed.removeEventListener('abort', end);
      end();
    }
  };

  const supervise = async (): Promise<void> => {
    while (!closed.aborted) {
      let reason = 'the server ended the subscription';
      try {
        await subscribe();
      } catch (error) {
        reason = textOf(error);
      }
      if (following.live || failures === 0) following = { live: false, since: new Date(), reason };
      failures += 1;
      await wait(pauseMs(failures), undefined, { signal: closed }).catch(() => undefined);
    }
  };
  void supervise();

  return {
    following: (): Following => following,
    /** Everything of the service up to here was received. */
    position: (): Position => (seen ? positionOf(seen.commit) : 0),
  };
}
export type LogFollower = ReturnType<typeof followLog>;
