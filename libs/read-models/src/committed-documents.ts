import { type Entry, type Range, cursorAt, keyOf, rangeOf } from './index-entry.ts';
import { KeptDocuments } from './kept-documents.ts';
import type { AnyReadModel, Found, Page, Query, ReadModel } from './read-models.ts';
import type { Row, Table } from './storage.ts';

/** In characters of JSON text, for each model. */
export const KEPT = 500_000;
/** While nobody reads, and everything is written that ever was. */
export const KEPT_FILLING = 8_000_000;

/** Throughout; for documents made of JSON values. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
}

export interface FoundEntry<Doc> extends Entry {
  readonly doc: Doc;
}

export function pageOf<Doc>(rows: readonly FoundEntry<Doc>[], limit: number | undefined): Page<Doc> {
  const shown = limit === undefined ? rows : rows.slice(0, limit);
  const last = shown.at(-1);
  const items: readonly Found<Doc>[] = shown.map(({ id, doc }) => ({ id, doc }));
  return last && rows.length > shown.length ? { items, next: cursorAt(last) } : { items };
}

/** Where the document stands in each index. */
export function keysOf<Doc extends object>(model: ReadModel<Doc>, doc: Doc): Record<string, Buffer | undefined> {
  const keys: Record<string, Buffer | undefined> = {};
  for (const [index, values] of Object.entries(model.indexes)) {
    const entry = values(doc);
    keys[index] = entry && keyOf(entry);
  }
  return keys;
}

/**
 * The range of an index that answers a query.
 * @param more rows than the limit asks for; one more than that if there is one
 */
export function askedRange(model: AnyReadModel, query: Query, more: number): Range {
  if (!(query.index in model.indexes)) throw new RangeError(`${model.name} has no index ${query.index}`);
  const range = rangeOf(query);
  return { ...range, limit: range.limit === undefined ? undefined : range.limit + 1 + more };
}

/** Of whatever model; `isOf` tells which. */
export interface AnyDocuments {
  readonly model: AnyReadModel;
}

/** Documents of one model as a session finds them, which never changes one in place. */
export interface Underlying<Doc extends object> extends AnyDocuments {
  readonly model: ReadModel<Doc>;
  kept(id: string): Doc | undefined;
  /** A document as the session leaves it. @param size in characters of JSON text, if it was made */
  keep(id: string, doc: Doc | undefined, size: number): void;
}

/** The committed documents of one model in one generation. Those that its writer used last are kept parsed. */
export class CommittedDocuments<Doc extends object> implements Underlying<Doc> {
  readonly model: ReadModel<Doc>;
  readonly #table: Table;
  readonly #kept = new KeptDocuments<Doc>(KEPT);
  readonly #freezes: boolean;

  constructor(model: ReadModel<Doc>, table: Table, freezes = false) {
    this.model = model;
    this.#table = table;
    this.#freezes = freezes;
  }

  static isOf<Doc extends object>(docs: AnyDocuments, model: ReadModel<Doc>): docs is CommittedDocuments<Doc> {
    return docs.model === model && docs instanceof CommittedDocuments;
  }

  /** Parsed anew: the caller may do with it what it likes. */
  read(id: string): Doc | undefined {
    const text = this.#table.get(id);
    return text === undefined ? undefined : this.#parse(text);
  }

  kept(id: string): Doc | undefined {
    const kept = this.#kept.get(id);
    if (kept) return kept;
    const text = this.#table.get(id);
    if (text === undefined) return undefined;
    const doc = this.#parse(text);
    this.keep(id, doc, text.length);
    return doc;
  }

  keep(id: string, doc: Doc | undefined, size: number): void {
    if (this.#freezes) freeze(doc);
    if (doc === undefined) this.#kept.forget(id);
    else this.#kept.keep(id, doc, size);
  }

  /** One row more than the limit, if there is one. Parsed anew. */
  find(query: Query): readonly FoundEntry<Doc>[] {
    return this.#rows(query, 0).map(({ key, id, text }) => ({ key, id, doc: this.#parse(text) }));
  }

  /** `more` rows than `find` gives. */
  findKept(query: Query, more: number): readonly FoundEntry<Doc>[] {
    return this.#rows(query, more).map(({ key, id, text }) => ({
      key,
      id,
      doc: this.#kept.get(id) ?? this.#parse(text),
    }));
  }

  #rows(query: Query, more: number): readonly Row[] {
    return this.#table.range(query.index, askedRange(this.model, query, more));
  }

  #parse(text: string): Doc {
    return this.model.schema.parse(JSON.parse(text));
  }
}
