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

/** One batch being applied: reads see what was put before; others see all of it or nothing, once it is committed. */
export interface Session extends Reader {
  put<Doc extends object>(model: ReadModel<Doc>, id: string, doc: Doc): Promise<void>;
  delete<Doc extends object>(model: ReadModel<Doc>, id: string): Promise<void>;
  /** The documents of the model that this session has changed, each once. */
  changes<Doc extends object>(model: ReadModel<Doc>): readonly Change<Doc>[];
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

/** Positions up to which a projection has consumed each source. */
export type Positions = Readonly<Partial<Record<ServiceName, Position>>>;

/** Where read models live. */
export interface ReadModels {
  /** Committed documents of the projection's active generation. */
  reader(projection: Projection): Reader;
  positions(projection: Projection): Promise<Positions>;
  /**
   * Runs `work` and commits its documents together with the position, or nothing if it throws.
   * A batch that does not go beyond the stored position is left out.
   * Calls for one projection run one after the other.
   */
  commit(
    projection: Projection,
    source: ServiceName,
    through: Position,
    work: (session: Session) => Promise<void>,
  ): Promise<void>;
  close(): Promise<void>;
}
