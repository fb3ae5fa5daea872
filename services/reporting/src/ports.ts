import type { Feed, Progress } from '@phancong/event-feed';
import type { ServiceName } from '@phancong/contracts';
import type { Day, SealedLogs } from '@phancong/event-sourcing';
import type { ReadModels } from '@phancong/read-models';

export interface ReportingPolicy {
  /** Whether exempt members are left out of coverage when a question does not say. */
  readonly excludeExempt: boolean;
  /** An entry is late when it was written down more than so many days after it was true. Changing it needs a rebuild. */
  readonly lateAfterDays: number;
  /** IANA name of the zone in which an instant is a day. */
  readonly timeZone: string;
}
export const defaultPolicy: ReportingPolicy = {
  excludeExempt: false,
  lateAfterDays: 7,
  timeZone: 'Asia/Ho_Chi_Minh',
};

/** What the service needs from where it runs. It has no log of its own. */
export interface ReportingPorts {
  readonly feed: Feed;
  readonly readModels: ReadModels;
  readonly progress: Progress;
  /** The day that it is where the organisation is. */
  readonly today: () => Day;
  /** Seals the logs of all services now: an answer is dated by what is over of them. */
  readonly seal: () => Promise<SealedLogs<ServiceName>>;
  readonly policy?: Partial<ReportingPolicy>;
  /** Of the event streams, in milliseconds: how often at most they look for news, and how often they show that they live. */
  readonly streams?: { readonly throttle: number; readonly heartbeat: number };
}

/** Tokens under which the module binds what its controllers use. */
export const KNOWLEDGE = Symbol('what answers are made from');
export const POLICY = Symbol('the policy');
export const TODAY = Symbol('the day that it is');
export const DASHBOARDS = Symbol('the dashboards that are looked at');
