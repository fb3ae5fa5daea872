import type { Entry, Range } from './index-entry.ts';
import type { AnyReadModel, Positions, Projection } from './read-models.ts';

/** A document as it is stored, where a range has found it. */
export interface Row extends Entry {
  readonly text: string;
}

/** The stored documents of one model in one generation. */
export interface Table {
  get(id: string): string | undefined;
  /** Rows of the range in its order. */
  range(index: string, range: Range): readonly Row[];
}

/** What is to become of one document. */
export interface Write {
  readonly id: string;
  /** JSON text; `undefined` deletes it. */
  readonly text: string | undefined;
  /** By index; `undefined`: it has no entry there. Left out when they are as they were. */
  readonly keys?: Readonly<Record<string, Buffer | undefined>>;
}

export interface StoredGeneration {
  readonly id: number;
  readonly projection: string;
  readonly layout: string;
  readonly active: boolean;
  readonly positions: Positions;
}

/** Keeps texts and positions of generations; each call is one transaction. In-process and synchronous. */
export interface Storage {
  /** Freezes the documents handed to the writer: what changes one in place fails. For specs; it takes time. */
  readonly freezes?: true;
  generations(): readonly StoredGeneration[];
  create(projection: Projection, layout: string, active: boolean): number;
  /** Makes it the active one of its projection, and drops the one that was. */
  activate(generation: number): void;
  drop(generation: number): void;
  table(generation: number, model: AnyReadModel): Table;
  /** Positions that are not named stay as they are. */
  write(generation: number, writes: ReadonlyMap<AnyReadModel, readonly Write[]>, positions: Positions): void;
  close(): void;
}
