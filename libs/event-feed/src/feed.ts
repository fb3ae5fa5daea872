import type { Message, ServiceName } from '@phancong/contracts';
import type { Position, RecordedEvent } from '@phancong/event-sourcing';

/** What one delivery brings: the messages, and how far in the source's log it reaches (events that publish nothing count too). */
export interface Batch {
  readonly source: ServiceName;
  readonly messages: readonly Message[];
  readonly through: Position;
  /** Messages that had been set aside, now in order: the reader's position stays where it is. */
  readonly replay?: true;
}

export interface Subscription {
  /** Ends the deliveries; resolves when the one under way is done. */
  stop(): Promise<void>;
}

export interface Subscriber {
  /**
   * Names the reader in logs, metrics and dead letters; one per read-model set or process. Two subscriptions of one
   * name (a set and its rebuild) share what is parked.
   */
  readonly consumer: string;
  readonly source: ServiceName;
  /** Where to go on: the position up to which the reader has consumed the source; asked again after a failure. */
  readonly position: () => Promise<Position>;
  /** Consumes one delivery. After an error the same messages come again. */
  readonly consume: (batch: Batch) => Promise<void>;
}

/** Published messages of a service: those of one key in order, each at least once. */
export interface Feed {
  subscribe(subscriber: Subscriber): Subscription;
}

/** Each service's translation of its own events into what it publishes; `undefined` publishes nothing. */
export type Publish = (event: RecordedEvent) => Message | undefined;
