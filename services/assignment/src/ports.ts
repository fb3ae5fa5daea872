import type { Feed, Progress } from '@phancong/event-feed';
import type { Day, EventStore } from '@phancong/event-sourcing';
import type { ReadModels } from '@phancong/read-models';
import type { Policy } from './policy.ts';

/** What the service needs from where it runs. */
export interface AssignmentPorts {
  /** Its own log. */
  readonly store: EventStore;
  readonly feed: Feed;
  readonly readModels: ReadModels;
  readonly progress: Progress;
  /** The day that it is where the organisation is. */
  readonly today: () => Day;
  /** The organisation's own rules; `defaultPolicy` unless told. */
  readonly policy?: Policy;
}

/** Tokens under which the module binds what its controllers use. */
export const BOOKS = Symbol('the command handler of books');
export const CLAIMS = Symbol('claims of names');
export const DESK = Symbol('the desk where assignments are made and changed');
export const GROUPS = Symbol('the command handler of groups');
export const KNOWN_MEMBERS = Symbol('what is known of members and organisations');
export const LISTS = Symbol('the lists of groups, assignments and registrations');
export const STORE = Symbol('the log');
export const SUGGESTIONS = Symbol('what suggestions are made from');
export const TODAY = Symbol('the day that it is');
