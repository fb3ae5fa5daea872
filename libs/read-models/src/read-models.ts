import type { Message, ServiceName } from '@phancong/contracts';
import type { Position } from '@phancong/event-sourcing';
import type { z } from 'zod';

export type IndexedValue = string | number | null;

/** Declares a kind of document: the one source for SQLite's table and MongoDB's collection. */
export interface ReadModel<Doc extends object> {
  /** kebab-case, unique within the service */
  readonly name: string;
  /** Checked when a document is read. Only JSON values. */
  readonly schema: z.ZodType<Doc>;
  /** Named indexes: the values to index, in order. A document without an index entry (`undefined`) is not found by it. */
  readonly indexes: Readonly<Record<string, (doc: Doc) => readonly IndexedValue[] | undefined>>;
}

/** A read model of whatever document, for lists of them. */
export interface AnyReadModel {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly indexes: Readonly<Record<string, (doc: never) => readonly IndexedValue[] | undefined>>;
}

export interface Found<Doc> {
  readonly id: string;
  readonly doc: Doc;
}

/** Documents whose index entry begins with `equals`, then lies in `from ≤ … ≤ through` on the next value; ordered by the entry, then the id. */
export interface Query {
  readonly index: string;
  readonly equals?: readonly IndexedValue[];
  readonly from?: IndexedValue;
  readonly through?: IndexedValue;
  readonly descending?: boolean;
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

export interface Page<Doc> {
  readonly items: readonly Found<Doc>[];
  readonly next?: string | undefined;
}

export interface Reader {
  get<Doc extends object>(model: ReadModel<Doc>, id: string): Promise<Doc | undefined>;
  /** The documents that exist, by id. */
  getMany<Doc extends object>(model: ReadModel<Doc>, ids: readonly string[]): Promise<ReadonlyMap<string, Doc>>;
  find<Doc extends object>(model: ReadModel<Doc>, query: Query): Promise<Page<Doc>>;
}

export interface Change<Doc> {
  readonly id: string;
  /** As it was before this session; as it is now. */
  readonly before: Doc | undefined;
  readonly after: Doc | undefined;
}

/**
 * One batch being applied: reads see what was put before. Others see nothing of it before it is committed; then, over
 * MongoDB, for a moment some of its documents beside others as they were before.
 */
export interface Session extends Reader {
  put<Doc extends object>(model: ReadModel<Doc>, id: string, doc: Doc): Promise<void>;
  delete<Doc extends object>(model: ReadModel<Doc>, id: string): Promise<void>;
  /** The documents of the model that this session has changed, each once. */
  changes<Doc extends object>(model: ReadModel<Doc>): Promise<readonly Change<Doc>[]>;
}

/** A set of read models that are fed, rebuilt and swapped together. */
export interface Projection {
  readonly name: string;
  /** Raise it when a document's shape or rule changes: the set is then replayed beside the old one and swapped. */
  readonly version: number;
  readonly models: readonly AnyReadModel[];
  readonly sources: readonly ServiceName[];
  /**
   * Applies messages in the order given, all of one source. Messages may come again; sources interleave in any way.
   * The documents must depend only on the set of messages consumed.
   */
  readonly apply: (messages: readonly Message[], session: Session) => Promise<void>;
}

/** Positions up to which a projection has consumed each source; never ahead of the documents that others read. */
export type Positions = Readonly<Partial<Record<ServiceName, Position>>>;

/** The stored documents are of an older layout of the projection; they answer again once they are rebuilt. Try again a little later. */
export class BeingRebuilt extends Error {
  override readonly name = 'BeingRebuilt';
  /** Waiting helps: a feed tries again instead of giving the message up. */
  readonly transient = true;
}

/** What one batch does to the documents. `after` is the stored position: messages up to it have been applied already. */
export type Work = (session: Session, after: Position) => Promise<void>;

/** How far a commit reaches in the source's log. `replay`: messages that were set aside; the position stays where it is. */
export type Through = Position | 'replay';

/** An empty set of documents beside the live one, being filled to take its place. Nobody reads it before. */
export interface Generation {
  positions(): Promise<Positions>;
  /** As `commit` of ReadModels. */
  commit(source: ServiceName, through: Through, work: Work): Promise<void>;
  /**
   * Takes the live one's place at one stroke and drops that one, if it has consumed at least as much of each source.
   * @returns whether it did; if not, go on and ask again
   */
  swap(): Promise<boolean>;
  /** Gives the rebuild up; the live one stays. */
  drop(): Promise<void>;
}

/** Where read models live. */
export interface ReadModels {
  /**
   * Committed documents of the projection's active generation.
   * Its promises reject with BeingRebuilt while the stored layout is an older one.
   */
  reader(projection: Projection): Reader;
  positions(projection: Projection): Promise<Positions>;
  /**
   * Runs `work` and commits its documents together with the position, or nothing if it throws. Over MongoDB `work` runs
   * again when another process has committed meanwhile.
   * A batch that does not go beyond the stored position is left out.
   * Calls for one projection run one after the other.
   * @throws BeingRebuilt while the stored layout is an older one
   */
  commit(projection: Projection, source: ServiceName, through: Through, work: Work): Promise<void>;
  /** Whether the stored layout (version, names of models and indexes) is not the projection's: then rebuild it. */
  outdated(projection: Projection): Promise<boolean>;
  /** Begins a rebuild. What an earlier one left unfinished is dropped. */
  beside(projection: Projection): Promise<Generation>;
  close(): Promise<void>;
}
