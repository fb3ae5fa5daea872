import type { ServiceName } from '@phancong/contracts';
import { KeyedQueue, type Position } from '@phancong/event-sourcing';
import { type AnyDocuments, CommittedDocuments, pageOf } from './committed-documents.ts';
import type { AnyReadModel, Positions, Projection, ReadModel, Reader, Session, Through, Work } from './read-models.ts';
import { SessionDocuments } from './session-documents.ts';
import type { Storage, StoredGeneration, Write } from './storage.ts';

type Of = <Doc extends object>(
  model: ReadModel<Doc>,
) => {
  get(id: string): Doc | undefined;
  find: SessionDocuments<Doc>['find'];
};

const readerOf = (of: Of): Reader => ({
  get: async (model, id) => of(model).get(id),
  async getMany(model, ids) {
    const docs = of(model);
    const found: [string, NonNullable<ReturnType<typeof docs.get>>][] = [];
    for (const id of ids) {
      const doc = docs.get(id);
      if (doc !== undefined) found.push([id, doc]);
    }
    return new Map(found);
  },
  find: async (model, query) => of(model).find(query),
});

/** One generation of a projection's documents: read by many, written by one batch at a time. */
export class LiveGeneration {
  readonly id: number;
  readonly projection: Projection;
  readonly #storage: Storage;
  readonly #documents = new Map<AnyReadModel, AnyDocuments>();
  readonly #queue = new KeyedQueue();
  #positions: Positions;

  constructor(projection: Projection, stored: Pick<StoredGeneration, 'id' | 'positions'>, storage: Storage) {
    this.id = stored.id;
    this.#positions = stored.positions;
    this.projection = projection;
    this.#storage = storage;
  }

  readonly reader: Reader = readerOf((model) => {
    const docs = this.#committed(model);
    return { get: (id) => docs.read(id), find: (query) => pageOf(docs.find(query), query.limit) };
  });

  positions(): Positions {
    return this.#positions;
  }

  /** Runs when the batches before are done. */
  exclusively<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#queue.run('', task);
  }

  commit(source: ServiceName, through: Through, work: Work): Promise<void> {
    return this.exclusively(() => this.#commit(source, through, work));
  }

  async #commit(source: ServiceName, through: Through, work: Work): Promise<void> {
    const after: Position = this.#positions[source] ?? 0;
    if (through !== 'replay' && through <= after) return;
    const changed = new Map<AnyReadModel, AnyDocuments>();
    let open = true;
    const session = this.#session(changed, () => open);
    try {
      await work(session, after);
    } finally {
      open = false;
    }
    this.#store(changed, source, through === 'replay' ? after : through);
  }

  #store(changed: ReadonlyMap<AnyReadModel, AnyDocuments>, source: ServiceName, position: Position): void {
    const writes = new Map<AnyReadModel, readonly Write[]>();
    const touched = [...changed.values()].filter((docs) => docs instanceof SessionDocuments);
    for (const docs of touched) writes.set(docs.model, docs.writes());
    this.#storage.write(this.id, writes, source, position);
    for (const docs of touched) docs.committed(writes.get(docs.model) ?? []);
    this.#positions = { ...this.#positions, [source]: position };
  }

  #session(changed: Map<AnyReadModel, AnyDocuments>, open: () => boolean): Session {
    const of = <Doc extends object>(model: ReadModel<Doc>): SessionDocuments<Doc> => {
      if (!open()) throw new Error(`${this.projection.name}: the batch of this session is over`);
      const known = changed.get(model);
      if (known && SessionDocuments.isOf(known, model)) return known;
      const docs = new SessionDocuments(this.#committed(model));
      changed.set(model, docs);
      return docs;
    };
    return {
      ...readerOf(of),
      put: async (model, id, doc) => of(model).put(id, doc),
      delete: async (model, id) => of(model).put(id, undefined),
      changes: (model) => of(model).changes(),
    };
  }

  #committed<Doc extends object>(model: ReadModel<Doc>): CommittedDocuments<Doc> {
    const known = this.#documents.get(model);
    if (known && CommittedDocuments.isOf(known, model)) return known;
    if (!this.projection.models.includes(model)) {
      throw new RangeError(`${this.projection.name} does not declare the read model ${model.name}`);
    }
    const docs = new CommittedDocuments(model, this.#storage.table(this.id, model), this.#storage.freezes);
    this.#documents.set(model, docs);
    return docs;
  }
}
