import type { CommandId, EventId } from './ids.ts';
import type { Day, Instant } from './time.ts';
import { Unavailable } from './unavailable.ts';

/** Where an event stands in its stream: 0 for the first. */
export type Revision = number;
/** Where an event stands in its whole log. Grows with every event, may have gaps. */
export type Position = number;

export interface NewEvent {
  readonly id: EventId;
  readonly type: string;
  /** Version of the type's schema. */
  readonly version: number;
  readonly occurredAt: Day;
  /** The event's own fields as JSON text, well-formed Unicode (as JSON.stringify makes it); stored byte for byte. */
  readonly data: string;
  /** Who did it: the id of an operator or of a process. */
  readonly by: string;
  readonly command: CommandId;
}

export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  readonly revision: Revision;
  readonly position: Position;
  /** Set by the store's clock when `append` was called, and later than what was sealed; never decreases along the log. */
  readonly recordedAt: Instant;
}

/** `none`: the stream must not exist yet. A number: the revision of its last event. */
export type ExpectedRevision = Revision | 'none';

export interface Appended {
  /** Revision and position of the last event appended. */
  readonly revision: Revision;
  readonly position: Position;
}

/** The stream has moved on since it was read. */
export class WrongExpectedRevision extends Error {
  override readonly name = 'WrongExpectedRevision';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: ExpectedRevision,
  ) {
    super(`stream ${stream}: expected revision ${expected}, found ${actual}`);
  }
}

/** The disk is full (or a quota is): nothing was appended. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
}

/** The store was closed before it could answer: whether the append was made is unknown; ask again with the same command id. */
export class StoreClosed extends Error {
  override readonly name = 'StoreClosed';
}

/**
 * The store's server could not be reached, or did not answer in time: whether an append was made is unknown; ask again with
 * the same command id. Nothing is wrong with what was asked.
 */
export class StoreUnavailable extends Unavailable {
  override readonly name = 'StoreUnavailable';
}

/**
 * A durable log of streams. The promise of `append` settles after the events are on disk.
 * Events of one append stand together in the log, and are all there or none.
 */
export interface EventStore {
  /**
   * @param events one or more
   * @throws WrongExpectedRevision, unless the very same events (by id) already stand there from `expected` on:
   *   then the earlier answer is given again. An id that stands elsewhere in the log is refused with DuplicateEvent.
   * @throws StoreFull | StoreClosed | StoreUnavailable
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended>;
  /** Events of the stream from revision `from` (default 0) in order; none if the stream does not exist. */
  readStream(stream: string, from?: Revision): Promise<readonly RecordedEvent[]>;
  /** At most `limit` events after position `after` in log order. */
  readAll(after: Position, limit: number): Promise<readonly RecordedEvent[]>;
  /** Position of the last event; 0 when the log is empty. */
  head(): Promise<Position>;
  /**
   * Calls `listener` after every commit, with the new head. Only a hint to read on: calls may be merged.
   * It runs in the asynchronous context of who subscribed. What a listener throws is an uncaught exception; the append stays made.
   * @returns a function that ends the subscription
   */
  onAppended(listener: (head: Position) => void): () => void;
  close(): Promise<void>;
}

/** What is over of a log: nothing will ever be recorded at `at` or before beyond `head`. */
export interface Seal {
  readonly at: Instant;
  readonly head: Position;
}

/** A store that alone writes its log, and can therefore tell what is over of it. */
export interface SealableEventStore extends EventStore {
  /**
   * Closes the time up to `at`, or up to the last event if that is later: while the store is open, whatever it appends from now on is
   * recorded after that, even if its clock tells less.
   */
  seal(at: Instant): Promise<Seal>;
}

/** An event id that stands elsewhere in the log: one command was sent to two streams. */
export class DuplicateEvent extends Error {
  override readonly name = 'DuplicateEvent';
  constructor(readonly id: EventId) {
    super(`event ${id} is already in the log`);
  }
}
