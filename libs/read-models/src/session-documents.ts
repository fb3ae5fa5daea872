import { type AnyDocuments, type FoundEntry, keysOf, pageOf, type Underlying } from './committed-documents.ts';
import { compareEntries, contains, rangeOf } from './index-entry.ts';
import type { Change, Page, Query, ReadModel } from './read-models.ts';
import type { Write } from './storage.ts';

const same = (a: Readonly<Record<string, Buffer | undefined>>, b: typeof a): boolean =>
  Object.keys(a).every((index) => {
    const [before, after] = [a[index], b[index]];
    return before && after ? before.equals(after) : before === after;
  });

/**
 * What a session has changed of one model; nothing of it is stored before the session commits. It may stand on another,
 * which gathers what many sessions have changed.
 */
export class SessionDocuments<Doc extends object> implements Underlying<Doc> {
  readonly model: ReadModel<Doc>;
  readonly #underlying: Underlying<Doc>;
  readonly #changed = new Map<string, Doc | undefined>();
  /** What was read: a batch may need more documents than are kept, each before and after. */
  readonly #before = new Map<string, Doc | undefined>();

  constructor(underlying: Underlying<Doc>) {
    this.model = underlying.model;
    this.#underlying = underlying;
  }

  static isOf<Doc extends object>(docs: AnyDocuments, model: ReadModel<Doc>): docs is SessionDocuments<Doc> {
    return docs.model === model && docs instanceof SessionDocuments;
  }

  get(id: string): Doc | undefined {
    return this.#changed.has(id) ? this.#changed.get(id) : this.#asCommitted(id);
  }

  put(id: string, doc: Doc | undefined): void {
    if (id === '') throw new RangeError(`${this.model.name}: a document needs an id`);
    this.#changed.set(id, doc);
  }

  /** @param kept as many rows of the documents below as the limit and `changed` ask for, and one more if there is one */
  find(query: Query, kept: readonly FoundEntry<Doc>[]): Page<Doc> {
    return pageOf(this.#merged(query, kept), query.limit);
  }

  #merged(query: Query, kept: readonly FoundEntry<Doc>[]): readonly FoundEntry<Doc>[] {
    if (this.#changed.size === 0) return kept;
    const rows = kept.filter(({ id }) => !this.#changed.has(id));
    const range = rangeOf(query);
    const own: FoundEntry<Doc>[] = [];
    for (const [id, doc] of this.#changed) {
      const key = doc && keysOf(this.model, doc)[query.index];
      if (key && contains(range, { key, id })) own.push({ key, id, doc });
    }
    if (own.length === 0) return rows;
    const sign = query.descending ? -1 : 1;
    return [...rows, ...own].sort((a, b) => sign * compareEntries(a, b));
  }

  changes(): readonly Change<Doc>[] {
    const changes: Change<Doc>[] = [];
    for (const [id, after] of this.#changed) {
      const before = this.#asCommitted(id);
      if (before !== after) changes.push({ id, before, after });
    }
    return changes;
  }

  writes(): readonly Write[] {
    return this.changes().map(({ id, before, after }) => {
      if (!after) return { id, text: undefined };
      const keys = keysOf(this.model, after);
      const text = JSON.stringify(after);
      return before && same(keysOf(this.model, before), keys) ? { id, text } : { id, text, keys };
    });
  }

  /** How many documents it has changed. */
  get changed(): number {
    return this.#changed.size;
  }

  /** How many documents it holds. */
  get size(): number {
    return Math.max(this.#changed.size, this.#before.size);
  }

  /** Whether it answers for the document without asking what it stands on. */
  holds(id: string): boolean {
    return this.#changed.has(id) || this.#before.has(id);
  }

  /** The documents changed of which it has not asked what they were before. */
  unread(): readonly string[] {
    return [...this.#changed.keys()].filter((id) => !this.#before.has(id));
  }

  kept(id: string): Doc | undefined {
    return this.get(id);
  }

  keep(id: string, doc: Doc | undefined): void {
    this.#changed.set(id, doc);
  }

  /** Leaves what has changed to what it stands on, and holds nothing any more. @param writes if they were stored */
  handOn(writes?: readonly Write[]): void {
    if (writes) for (const { id, text } of writes) this.#underlying.keep(id, this.#changed.get(id), text?.length ?? 0);
    else for (const { id, after } of this.changes()) this.#underlying.keep(id, after, 0);
    this.#changed.clear();
    this.#before.clear();
  }

  #asCommitted(id: string): Doc | undefined {
    const read = this.#before.get(id);
    if (read !== undefined || this.#before.has(id)) return read;
    const doc = this.#underlying.kept(id);
    this.#before.set(id, doc);
    return doc;
  }
}
