import { KeyedQueue } from '@phancong/event-sourcing';
import { type Changed, changedOf, existing, isToBeStored, touched } from '../changed-documents.ts';
import { type AnyDocuments, pageOf } from '../committed-documents.ts';
import type { AnyReadModel, Projection, ReadModel, Reader, Session, Work } from '../read-models.ts';
import { SessionDocuments } from '../session-documents.ts';
import { FetchedDocuments } from './fetched-documents.ts';
import type { StoredProjection } from './stored-projection.ts';
import { type ModelWrite, modelWrite, writeDocuments } from './writes.ts';

interface AnyFetched extends AnyDocuments {
  fetch(ids: readonly string[]): Promise<void>;
  forgetFetched(): void;
}

/** One generation of a projection's documents, as this process reads and writes it. One batch at a time. */
export class MongodbGeneration {
  readonly id: string;
  readonly #projection: Projection;
  readonly #stored: StoredProjection;
  readonly #documents = new Map<AnyReadModel, AnyFetched>();
  readonly #queue = new KeyedQueue();
  /** While it is being filled. A crash loses it with the generation, which begins anew. */
  #unstored: Changed | undefined;

  constructor(projection: Projection, id: string, stored: StoredProjection, filling?: 'filling') {
    this.id = id;
    this.#projection = projection;
    this.#stored = stored;
    this.#unstored = filling && new Map();
  }

  readonly reader: Reader = {
    get: async (model, id) => (await this.#read(model, [id])).get(id),
    getMany: (model, ids) => this.#read(model, ids),
    find: async (model, query) => pageOf(await this.#of(model).find(query), query.limit),
  };

  /** Runs a batch. @param store whether what it changes is stored now, all of it; if not, nothing happened here */
  commit(work: Work, after: number, store: (writes: readonly ModelWrite[]) => Promise<boolean>): Promise<boolean> {
    return this.#batch(work, after, async (changed) => {
      const writes = touched(changed).map((docs) => ({ docs, list: docs.writes() }));
      const stored = await store(writes.flatMap(({ docs, list }) => list.map((one) => modelWrite(docs.model, one))));
      if (stored) for (const { docs, list } of writes) docs.handOn(list);
      return stored;
    });
  }

  /** Runs a batch whose changes are held back for a while. @param done called when the batch has succeeded */
  fill(work: Work, after: number, done: () => void): Promise<void> {
    return this.#batch(work, after, async (changed) => {
      for (const docs of touched(changed)) docs.handOn();
      done();
      if (this.#unstored && isToBeStored(this.#unstored)) await this.#store(this.#unstored);
    });
  }

  /** Stores what was held back while it was being filled. */
  async filled(): Promise<void> {
    if (this.#unstored) await this.#store(this.#unstored);
  }

  async #batch<Result>(work: Work, after: number, finish: (changed: Changed) => Promise<Result>): Promise<Result> {
    const changed: Changed = new Map();
    let open = true;
    const session = this.#session(changed, () => open);
    try {
      await work(session, after);
      open = false;
      for (const docs of touched(changed)) await this.#fetch(docs.model, docs.unread());
      return await finish(changed);
    } finally {
      open = false;
      for (const docs of this.#documents.values()) docs.forgetFetched();
    }
  }

  #session(changed: Changed, open: () => boolean): Session {
    const of = <Doc extends object>(model: ReadModel<Doc>): SessionDocuments<Doc> => {
      if (!open()) throw new Error(`${this.#projection.name}: the batch of this session is over`);
      const fetched = this.#of(model);
      return changedOf(changed, this.#unstored ? changedOf(this.#unstored, fetched) : fetched);
    };
    const fetched = async <Doc extends object>(
      model: ReadModel<Doc>,
      ids: (docs: SessionDocuments<Doc>) => readonly string[],
    ) => {
      const docs = of(model);
      await this.#fetch(model, ids(docs));
      return docs;
    };
    const known = <Doc extends object>(model: ReadModel<Doc>, ids: readonly string[]) =>
      this.#inTurn(() => fetched(model, (docs) => ids.filter((id) => !docs.holds(id))));
    return {
      get: async (model, id) => (await known(model, [id])).get(id),
      async getMany(model, ids) {
        const docs = await known(model, ids);
        return existing(ids, (id) => docs.get(id));
      },
      find: (model, query) =>
        this.#inTurn(async () => {
          // An index knows what is stored; looking through thousands of documents for each query would take longer.
          const unstored = this.#unstored?.get(model);
          if (unstored) await this.#store(new Map([[model, unstored]]));
          const docs = of(model);
          return docs.find(query, await this.#of(model).findKept(query, docs.changed));
        }),
      put: async (model, id, doc) => of(model).put(id, doc),
      delete: async (model, id) => of(model).put(id, undefined),
      changes: (model) => this.#inTurn(async () => (await fetched(model, (docs) => docs.unread())).changes()),
    };
  }

  /** While documents are stored in the midst of a batch, nothing is fetched. */
  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#unstored ? this.#queue.run('', task) : task();
  }

  async #fetch(model: AnyReadModel, ids: readonly string[]): Promise<void> {
    const unstored = this.#unstored?.get(model);
    const held = unstored instanceof SessionDocuments ? unstored : undefined;
    await this.#documents.get(model)?.fetch(ids.filter((id) => !held?.holds(id)));
  }

  async #store(changed: Changed): Promise<void> {
    for (const docs of touched(changed)) {
      const list = docs.writes();
      const writes = list.map((write) => modelWrite(docs.model, write));
      await writeDocuments(this.#stored.collection(this.id, docs.model.name), writes, 'unguarded');
      docs.handOn(list);
    }
  }

  async #read<Doc extends object>(model: ReadModel<Doc>, ids: readonly string[]): Promise<ReadonlyMap<string, Doc>> {
    const docs = this.#of(model);
    const texts = await docs.read([...new Set(ids)]);
    return existing(ids, (id) => {
      const text = texts.get(id);
      return text === undefined ? undefined : docs.parse(text);
    });
  }

  #of<Doc extends object>(model: ReadModel<Doc>): FetchedDocuments<Doc> {
    const known = this.#documents.get(model);
    if (known && FetchedDocuments.isOf(known, model)) return known;
    if (!this.#projection.models.includes(model)) {
      throw new RangeError(`${this.#projection.name} does not declare the read model ${model.name}`);
    }
    const collection = this.#stored.collection(this.id, model.name);
    const docs = new FetchedDocuments(model, collection, this.#unstored !== undefined);
    this.#documents.set(model, docs);
    return docs;
  }
}
