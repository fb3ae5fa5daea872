import type { Feed, Progress } from '@phancong/event-feed';
import type { Day, EventStore } from '@phancong/event-sourcing';
import type { PersonKeys } from '@phancong/privacy';
import type { ReadModels } from '@phancong/read-models';

/** What the service needs from where it runs. */
export interface MembershipPorts {
  /** Its own log. */
  readonly store: EventStore;
  readonly feed: Feed;
  readonly readModels: ReadModels;
  /** Rewrites what the read models are kept in, so that nothing deleted stays there. Not needed for those in memory. */
  readonly scrub?: () => Promise<void>;
  readonly progress: Progress;
  /** Kept apart from the log. */
  readonly keys: PersonKeys;
  /** The day that it is where the organisation is. */
  readonly today: () => Day;
}

/** Token under which the module binds what its controllers use: a `Membership`. */
export const MEMBERSHIP = Symbol('membership');
