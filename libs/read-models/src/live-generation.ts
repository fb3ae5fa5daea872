import type { ServiceName } from '@phancong/contracts';
import { KeyedQueue, type Position } from '@phancong/event-sourcing';
import { type Changed, changedOf, existing, isToBeStored, touched } from './changed-documents.ts';
import { type AnyDocuments, CommittedDocuments, pageOf } from './committed-documents.ts';
import type { AnyReadModel, Positions, Projection, ReadModel, Reader, Session, Through, Work } from './read-models.ts';
import type { SessionDocuments } from './session-documents.ts';
import type { Storage, StoredGeneration } from './storage.ts';

/** One generation of a projection's documents: read by many, written by one batch at a time. */
export class LiveGeneration {
  readonly id: number;
  readonly projection: Projection;
  readonly #storage: Storage;
  readonly #documents = new Map<AnyReadModel, AnyDocuments>();
  readonly #queue = new KeyedQueue();
  #positions: Positions;
  /** While it is being filled. A crash loses it with the generation, which begins anew. */
  #unstored: Changed | undefined;

  constructor(
    projection: Projection,
    stored: Pick<StoredGeneration, 'id' | 'positions'>,
    storage: Storage,
    filling?: 'filling',
  ) {
    this.id = stored.id;
    this.#positions = stored.positions;
    this.projection = projection;
    this.#storage = storage;
    this.#unstored = filling && new Map();
  }

  readonly reader: Reader = {
    get: async (model, id) => this.#committed(model).read(id),
    getMany: async (model, ids) => existing(ids, (id) => this.#committed(model).read(id)),
    find: async (model, query) => pageOf(this.#committed(model).find(query), query.limit),
  };

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

  /** Stores what was held back while it was being filled; from now on every batch is stored as it comes. */
  filled(): void {
    if (this.#unstored) this.#store(this.#unstored);
    this.#unstored = undefined;
  }

  async #commit(source: ServiceName, through: Through, work: Work): Promise<void> {
    const after: Position = this.#positions[source] ?? 0;
    if (through !== 'replay' && through <= after) return;
    const changed: Changed = new Map();
    let open = true;
    const session = this.#session(changed, () => open);
    try {
      await work(session, after);
    } finally {
      open = false;
    }
    const positions = { ...this.#positions, [source]: through === 'replay' ? after : through };
    const unstored = this.#unstored;
    if (unstored) for (const docs of touched(changed)) docs.handOn();
    else this.#store(changed, positions);
    this.#positions = positions;
    if (unstored && isToBeStored(unstored)) this.#store(unstored);
  }

  #store(changed: Changed, positions = this.#positions): void {
    const writes = new Map(touched(changed).map((docs) => [docs, docs.writes()]));
    const byModel = new Map([...writes].map(([{ model }, list]) => [model, list]));
    this.#storage.write(this.id, byModel, positions);
    for (const [docs, list] of writes) docs.handOn(list);
  }

  #session(changed: Changed, open: () => boolean): Session {
    const of = <Doc extends object>(model: ReadModel<Doc>): SessionDocuments<Doc> => {
      if (!open()) throw new Error(`${this.projection.name}: the batch of this session is over`);
      const committed = this.#committed(model);
      return changedOf(changed, this.#unstored ? changedOf(this.#unstored, committed) : committed);
    };
    return {
      get: async (model, id) => of(model).get(id),
      getMany: async (model, ids) => existing(ids, (id) => of(model).get(id)),
      find: async (model, query) => {
        // An index knows what is stored; looking through thousands of documents for each query would take longer.
        const unstored = this.#unstored?.get(model);
        if (unstored) this.#store(new Map([[model, unstored]]));
        const docs = of(model);
        return docs.find(query, this.#committed(model).findKept(query, docs.changed));
      },
      put: async (model, id, doc) => of(model).put(id, doc),
      delete: async (model, id) => of(model).put(id, undefined),
      changes: async (model) => of(model).changes(),
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
