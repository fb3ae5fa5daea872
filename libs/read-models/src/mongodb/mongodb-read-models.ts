import type { ServiceName } from '@phancong/contracts';
import { KeyedQueue } from '@phancong/event-sourcing';
import mongoose, { type Connection } from 'mongoose';
import {
  BeingRebuilt,
  type Generation,
  type Projection,
  type ReadModels,
  type Reader,
  type Through,
  type Work,
} from '../read-models.ts';
import { layoutOf } from '../stored-read-models.ts';
import { createCollections } from './collections.ts';
import { MongodbGeneration } from './generation.ts';
import { Rebuild } from './rebuild.ts';
import { type State, StoredProjection } from './stored-projection.ts';
import { unavailableIfSo } from './unavailable.ts';

/** The generation that answers, as this process saw it last. */
interface Live {
  readonly state: State;
  readonly generation: MongodbGeneration;
}

/** Stands for the generation of a projection that was never stored: nothing is found in it. */
const NONE = 'none';

class MongodbReadModels implements ReadModels {
  readonly #connection: Connection;
  readonly #live = new Map<string, Live>();
  readonly #rebuilds = new Map<string, Rebuild>();
  readonly #queue = new KeyedQueue();
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  reader(projection: Projection): Reader {
    return {
      get: (model, id) => this.#ask(() => this.#read(projection, (reader) => reader.get(model, id))),
      getMany: (model, ids) => this.#ask(() => this.#read(projection, (reader) => reader.getMany(model, ids))),
      find: (model, query) => this.#ask(() => this.#read(projection, (reader) => reader.find(model, query))),
    };
  }

  positions(projection: Projection) {
    return this.#ask(async () => (await this.#stored(projection).read())?.positions ?? {});
  }

  outdated(projection: Projection): Promise<boolean> {
    return this.#ask(async () => {
      const state = await this.#stored(projection).read();
      return state !== undefined && state.layout !== layoutOf(projection);
    });
  }

  commit(projection: Projection, source: ServiceName, through: Through, work: Work): Promise<void> {
    return this.#ask(() => this.#queue.run(projection.name, () => this.#commit(projection, source, through, work)));
  }

  beside(projection: Projection): Promise<Generation> {
    const { name } = projection;
    return this.#ask(() =>
      this.#queue.run(name, async () => {
        const stored = this.#stored(projection);
        await this.#rebuilds.get(name)?.drop();
        if (!(await stored.read())) await this.#create(projection);
        const id = newGeneration();
        await stored.register(id);
        await stored.sweep();
        await createCollections(this.#connection, projection, id);
        const rebuild = new Rebuild(projection, id, stored);
        this.#rebuilds.set(name, rebuild);
        return this.#generationOf(projection, rebuild);
      }),
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#running);
    await this.#connection.close();
  }

  #generationOf(projection: Projection, rebuild: Rebuild): Generation {
    const { name } = projection;
    let swapped = false;
    return {
      positions: async () => (swapped ? this.positions(projection) : rebuild.positions()),
      commit: (source, through, work) =>
        swapped
          ? this.commit(projection, source, through, work)
          : this.#ask(() => rebuild.commit(source, through, work)),
      swap: () =>
        this.#ask(() =>
          this.#queue.run(name, async () => {
            if (swapped) return true;
            swapped = (await rebuild.swap(layoutOf(projection))) !== undefined;
            if (!swapped) return false;
            this.#live.delete(name);
            this.#rebuilds.delete(name);
            await this.#stored(projection).sweep();
            return true;
          }),
        ),
      drop: () =>
        this.#ask(async () => {
          if (swapped) return;
          await rebuild.drop();
          if (this.#rebuilds.get(name) === rebuild) this.#rebuilds.delete(name);
        }),
    };
  }

  async #commit(projection: Projection, source: ServiceName, through: Through, work: Work): Promise<void> {
    const { name } = projection;
    const stored = this.#stored(projection);
    // Each further turn means that another process has decided a batch in between: one of them gets on.
    for (;;) {
      const live = await this.#toBeWritten(projection);
      const { state, generation } = live;
      const after = state.positions[source] ?? 0;
      if (through !== 'replay' && through <= after) return;
      const positions = { ...state.positions, [source]: through === 'replay' ? after : through };
      // Forgotten until it is known how this ends: after a lost connection only the server knows.
      this.#live.delete(name);
      try {
        let next: State | undefined;
        await generation.commit(work, after, async (writes) => {
          next = await stored.commit(state, positions, writes);
          return next !== undefined;
        });
        if (!next) continue;
        this.#live.set(name, { state: next, generation });
        return;
      } catch (error) {
        // What the work has read may have been half of another process's batch.
        const now = await stored.read();
        if (now?.seq === state.seq) throw error;
      }
    }
  }

  async #toBeWritten(projection: Projection): Promise<Live> {
    const known = this.#live.get(projection.name);
    if (known && known.state.layout === layoutOf(projection)) return known;
    const stored = this.#stored(projection);
    const state = (await stored.settled()) ?? (await this.#create(projection));
    if (state.layout !== layoutOf(projection)) throw new BeingRebuilt(projection.name);
    return { state, generation: new MongodbGeneration(projection, state.generation, stored) };
  }

  async #create(projection: Projection): Promise<State> {
    const stored = this.#stored(projection);
    const id = newGeneration();
    await createCollections(this.#connection, projection, id);
    if (!(await stored.create(id, layoutOf(projection)))) await stored.sweep();
    const state = await stored.settled();
    if (!state) throw new Error(`the state of ${projection.name} was deleted`);
    return state;
  }

  /** Asks the generation that answers, and asks again if another took its place meanwhile. */
  async #read<Answer>(projection: Projection, ask: (reader: Reader) => Promise<Answer>): Promise<Answer> {
    const stored = this.#stored(projection);
    let state = this.#live.get(projection.name)?.state ?? (await stored.read());
    for (;;) {
      const asked = state?.generation ?? NONE;
      const [answer] = await Promise.allSettled([ask(new MongodbGeneration(projection, asked, stored).reader)]);
      state = await stored.read();
      if (state && state.layout !== layoutOf(projection)) throw new BeingRebuilt(projection.name);
      if ((state?.generation ?? NONE) !== asked) continue;
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    }
  }

  #stored({ name }: Projection): StoredProjection {
    return new StoredProjection(this.#connection.getClient().db(this.#connection.name), name);
  }

  async #ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    if (this.#closed) throw new Error('the read models are closed');
    const asked = question();
    this.#running.add(asked);
    try {
      return await asked;
    } catch (error) {
      throw unavailableIfSo(error);
    } finally {
      this.#running.delete(asked);
    }
  }
}

const newGeneration = (): string => new mongoose.mongo.ObjectId().toHexString();

export interface MongodbReadModelsOptions {
  /** Of a replica set: `mongodb://…`. */
  readonly url: string;
  /** One for each service. */
  readonly database: string;
}

/**
 * The ReadModels port on MongoDB, for any number of processes at a time.
 * A reader may meet documents of a batch beside others that still are as before it; what `positions` tells is never
 * ahead of the documents.
 * @throws MongooseServerSelectionError when no server answers within half a minute
 */
export async function mongodbReadModels({ url, database }: MongodbReadModelsOptions): Promise<ReadModels> {
  const connection = mongoose.createConnection(url, {
    dbName: database,
    writeConcern: { w: 'majority' },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    autoCreate: false,
    autoIndex: false,
  });
  return new MongodbReadModels(await connection.asPromise());
}
