import type { ServiceName } from '@phancong/contracts';
import { KeyedQueue, type Position } from '@phancong/event-sourcing';
import { type AnyDocuments, CommittedDocuments, pageOf, type Underlying } from './committed-documents.ts';
import type { AnyReadModel, Positions, Projection, ReadModel, Reader, Session, Through, Work } from './read-models.ts';
import { SessionDocuments } from './session-documents.ts';
import type { Storage, StoredGeneration } from './storage.ts';

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

/** Documents held before they are stored while a generation is being filled. */
const UNSTORED = 20_000;

/** What sessions have changed, by model. */
type Changed = Map<AnyReadModel, AnyDocuments>;

const touched = (changed: Changed) => [...changed.values()].filter((docs) => docs instanceof SessionDocuments);

function changedOf<Doc extends object>(changed: Changed, underlying: Underlying<Doc>): SessionDocuments<Doc> {
  const known = changed.get(underlying.model);
  if (known && SessionDocuments.isOf(known, underlying.model)) return known;
  const docs = new SessionDocuments(underlying);
  changed.set(underlying.model, docs);
  return docs;
}

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

  /** Stores what was held back while it was being filled; from now on every batch is stored as it comes. */
  filled(): void {
    if (this.#unstored) this.#store(this.#unstored);
    this.#unstored = undefined;
    this.#documents.clear();
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
    if (unstored && touched(unstored).reduce((sum, { size }) => sum + size, 0) > UNSTORED) this.#store(unstored);
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
      ...readerOf(of),
      find: async (model, query) => {
        // An index knows what is stored; looking through thousands of documents for each query would take longer.
        const unstored = this.#unstored?.get(model);
        if (unstored) this.#store(new Map([[model, unstored]]));
        return of(model).find(query);
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
    const docs = new CommittedDocuments(model, this.#storage.table(this.id, model), {
      freezes: this.#storage.freezes,
      filling: this.#unstored !== undefined,
    });
    this.#documents.set(model, docs);
    return docs;
  }
}
