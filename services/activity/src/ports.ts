import type { Feed, Progress } from '@phancong/event-feed';
import type { Day, EventStore } from '@phancong/event-sourcing';
import type { ReadModels } from '@phancong/read-models';

/** What the service needs from where it runs. */
export interface ActivityPorts {
  /** Its own log. */
  readonly store: EventStore;
  readonly feed: Feed;
  readonly readModels: ReadModels;
  readonly progress: Progress;
  /** The day that it is where the organisation is. */
  readonly today: () => Day;
}

/** Tokens under which the module binds what its controllers use. */
export const ACTIVITIES = Symbol('the command handler of activities');
export const CAMPAIGNS = Symbol('the command handler of campaigns');
export const CAMPAIGN_CODES = Symbol('claims of campaign codes');
export const HELD_ASSIGNMENTS = Symbol('the reader of known assignments');
export const LOOK_UP = Symbol('what the rules need to know of others');
export const LOGBOOK = Symbol('the reader of the logbook');
