import type { mongo } from 'mongoose';
import {
  type AnyDocuments,
  type FoundEntry,
  KEPT,
  KEPT_FILLING,
  type Underlying,
  askedRange,
} from '../committed-documents.ts';
import { KeptDocuments } from '../kept-documents.ts';
import type { Query, ReadModel } from '../read-models.ts';
import type { Row } from '../storage.ts';
import { type StoredDocument, rowsOf, textsOf } from './collections.ts';

/** The documents of one model in one generation, as its writer sees them. What a batch needs is fetched before it is asked for. */
export class FetchedDocuments<Doc extends object> implements Underlying<Doc> {
  readonly model: ReadModel<Doc>;
  readonly #collection: mongo.Collection<StoredDocument>;
  readonly #kept: KeptDocuments<Doc>;
  /** For the batch under way, whatever is kept. */
  readonly #fetched = new Map<string, Doc | undefined>();

  constructor(model: ReadModel<Doc>, collection: mongo.Collection<StoredDocument>, filling: boolean) {
    this.model = model;
    this.#collection = collection;
    this.#kept = new KeptDocuments(filling ? KEPT_FILLING : KEPT);
  }

  static isOf<Doc extends object>(docs: AnyDocuments, model: ReadModel<Doc>): docs is FetchedDocuments<Doc> {
    return docs.model === model && docs instanceof FetchedDocuments;
  }

  async fetch(ids: readonly string[]): Promise<void> {
    const missing = ids.filter((id) => {
      if (this.#fetched.has(id)) return false;
      const kept = this.#kept.get(id);
      if (kept) this.#fetched.set(id, kept);
      return !kept;
    });
    if (missing.length === 0) return;
    const texts = await this.read(missing);
    for (const id of missing) {
      const text = texts.get(id);
      const doc = text === undefined ? undefined : this.parse(text);
      if (text !== undefined) this.keep(id, doc, text.length);
      this.#fetched.set(id, doc);
    }
  }

  kept(id: string): Doc | undefined {
    if (!this.#fetched.has(id)) throw new Error(`${this.model.name} '${id}' was not fetched`);
    return this.#fetched.get(id);
  }

  keep(id: string, doc: Doc | undefined, size: number): void {
    if (doc === undefined) this.#kept.forget(id);
    else this.#kept.keep(id, doc, size);
    if (this.#fetched.has(id)) this.#fetched.set(id, doc);
  }

  /** The batch is over. */
  forgetFetched(): void {
    this.#fetched.clear();
  }

  /** Texts by id, of the documents that exist. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return textsOf(this.#collection, ids);
  }

  /** Parsed anew. @param more rows than the limit asks for; one more than that if there is one */
  async find(query: Query, more = 0): Promise<readonly FoundEntry<Doc>[]> {
    return (await this.#rows(query, more)).map(({ key, id, text }) => ({ key, id, doc: this.parse(text) }));
  }

  async findKept(query: Query, more: number): Promise<readonly FoundEntry<Doc>[]> {
    const rows = await this.#rows(query, more);
    return rows.map(({ key, id, text }) => ({ key, id, doc: this.#kept.get(id) ?? this.parse(text) }));
  }

  parse(text: string): Doc {
    return this.model.schema.parse(JSON.parse(text));
  }

  async #rows(query: Query, more: number): Promise<readonly Row[]> {
    return rowsOf(this.#collection, query.index, askedRange(this.model, query, more));
  }
}
