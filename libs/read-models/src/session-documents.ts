import { type AnyDocuments, type CommittedDocuments, type FoundEntry, pageOf } from './committed-documents.ts';
import { compareEntries, contains, rangeOf } from './index-entry.ts';
import type { Change, Page, Query, ReadModel } from './read-models.ts';
import type { Write } from './storage.ts';

const same = (a: Readonly<Record<string, Buffer | undefined>>, b: typeof a): boolean =>
  Object.keys(a).every((index) => {
    const [before, after] = [a[index], b[index]];
    return before && after ? before.equals(after) : before === after;
  });

/** What a session has changed of one model; nothing of it is stored before the session commits. */
export class SessionDocuments<Doc extends object> implements AnyDocuments {
  readonly model: ReadModel<Doc>;
  readonly #committed: CommittedDocuments<Doc>;
  readonly #changed = new Map<string, Doc | undefined>();
  /** What was read: a batch may need more documents than are kept, each before and after. */
  readonly #before = new Map<string, Doc | undefined>();

  constructor(committed: CommittedDocuments<Doc>) {
    this.model = committed.model;
    this.#committed = committed;
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

  find(query: Query): Page<Doc> {
    const rows = this.#committed.findKept(query, this.#changed.size).filter(({ id }) => !this.#changed.has(id));
    const range = rangeOf(query);
    const own: FoundEntry<Doc>[] = [];
    for (const [id, doc] of this.#changed) {
      const key = doc && this.#committed.keys(doc)[query.index];
      if (key && contains(range, { key, id })) own.push({ key, id, doc });
    }
    if (own.length === 0) return pageOf(rows, query.limit);
    const sign = query.descending ? -1 : 1;
    const merged = [...rows, ...own].sort((a, b) => sign * compareEntries(a, b));
    return pageOf(merged, query.limit);
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
      const keys = this.#committed.keys(after);
      const text = JSON.stringify(after);
      return before && same(this.#committed.keys(before), keys) ? { id, text } : { id, text, keys };
    });
  }

  committed(writes: readonly Write[]): void {
    for (const write of writes) this.#committed.keep(write, this.#changed.get(write.id));
  }

  #asCommitted(id: string): Doc | undefined {
    const read = this.#before.get(id);
    if (read !== undefined || this.#before.has(id)) return read;
    const doc = this.#committed.kept(id);
    this.#before.set(id, doc);
    return doc;
  }
}
