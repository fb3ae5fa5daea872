import { ServiceName } from '@phancong/contracts';
import { mongo } from 'mongoose';
import { z } from 'zod';
import type { Positions } from '../read-models.ts';
import { type StoredDocument, collectionName, generationIn, projectionPrefix } from './collections.ts';
import { ModelWrite, inParts, writeDocuments } from './writes.ts';

const StoredPositions = z.partialRecord(ServiceName, z.int());

const State = z.object({
  /** The generation that answers, and its layout. */
  generation: z.string(),
  layout: z.string(),
  /** Number of the last batch that was decided. Whoever decides the next one has seen it. */
  seq: z.int(),
  /** What the documents have consumed at least. */
  positions: StoredPositions,
});
export type State = z.infer<typeof State>;

/** A batch that was decided; its documents may not all be written yet. */
const Pending = z.object({
  positions: StoredPositions,
  writes: z.array(ModelWrite),
  /** Ids of the other parts of a large batch, in order. */
  more: z.array(z.string()),
});
type Pending = z.infer<typeof Pending>;

const Part = z.object({ _id: z.string(), writes: z.array(ModelWrite) });

interface StateDocument extends mongo.BSON.Document {
  readonly _id: string;
}
interface PartDocument extends mongo.BSON.Document {
  readonly _id: string;
  readonly projection: string;
  readonly seq: number;
}

/** A rebuild that has not been heard of for so long was cut off. */
const UNHEARD_MS = 600_000;

const newId = (): string => new mongo.ObjectId().toHexString();

/**
 * One document says where a projection stands, for all processes that write it. A batch is decided by one change of
 * that document, which holds whatever the batch is to write; all that follows can be done by anybody, any number of times.
 */
export class StoredProjection {
  readonly name: string;
  readonly #db: mongo.Db;
  readonly #states: mongo.Collection<StateDocument>;
  readonly #parts: mongo.Collection<PartDocument>;

  constructor(db: mongo.Db, name: string) {
    this.name = name;
    this.#db = db;
    this.#states = db.collection<StateDocument>('projections');
    this.#parts = db.collection<PartDocument>('projection-parts');
  }

  collection(generation: string, model: string): mongo.Collection<StoredDocument> {
    return this.#db.collection<StoredDocument>(collectionName(this.name, generation, model));
  }

  async read(): Promise<State | undefined> {
    const found = await this.#states.findOne({ _id: this.name }, { projection: { pending: 0, besides: 0 } });
    return found ? State.parse(found) : undefined;
  }

  /** Where it stands when what was decided last is done, by this process if need be. */
  async settled(): Promise<State | undefined> {
    for (;;) {
      const found = await this.#states.findOne({ _id: this.name }, { projection: { besides: 0 } });
      if (!found) return undefined;
      const state = State.parse(found);
      if (!('pending' in found)) return state;
      await this.#redo(state, Pending.parse(found['pending']));
    }
  }

  /** @returns whether there was none yet */
  async create(generation: string, layout: string): Promise<boolean> {
    const initial = { generation, layout, seq: 0, positions: {} };
    const { upsertedCount } = await this.#states.updateOne(
      { _id: this.name },
      { $setOnInsert: initial },
      { upsert: true },
    );
    return upsertedCount === 1;
  }

  /** Decides a batch and writes its documents. @returns the new state; nothing if another batch was decided meanwhile */
  async commit(state: State, positions: Positions, writes: readonly ModelWrite[]): Promise<State | undefined> {
    const seq = state.seq + 1;
    const seen = { _id: this.name, seq: state.seq };
    const next = { ...state, seq, positions };
    if (writes.length === 0) {
      const moved = await this.#states.updateOne(seen, { $set: { seq, positions } });
      return moved.matchedCount === 1 ? next : undefined;
    }
    const [first = [], ...rest] = inParts(writes);
    const parts = rest.map((part) => ({ _id: newId(), projection: this.name, seq, writes: part }));
    if (parts.length > 0) await this.#parts.insertMany(parts);
    const more = parts.map(({ _id }) => _id);
    const pending = { positions, writes: first, more };
    const decided = await this.#states.updateOne(seen, { $set: { seq, pending } });
    if (decided.matchedCount === 0) return undefined;
    await this.#finish(next, writes, more.length > 0);
    return next;
  }

  /** Begins to fill a generation beside. */
  async register(generation: string): Promise<void> {
    await this.#states.updateOne({ _id: this.name }, { $set: { [`besides.${generation}`]: new Date() } });
  }

  /** Says that a generation is still being filled. @returns whether it still may be */
  async heartbeat(generation: string): Promise<boolean> {
    const key = `besides.${generation}`;
    const found = await this.#states.updateOne(
      { _id: this.name, [key]: { $exists: true } },
      { $set: { [key]: new Date() } },
    );
    return found.matchedCount === 1;
  }

  async forget(generation: string): Promise<void> {
    await this.#states.updateOne({ _id: this.name }, { $unset: { [`besides.${generation}`]: '' } });
  }

  /** @returns the new state; nothing if another batch was decided since `state`, or the generation was given up */
  async swap(state: State, next: Pick<State, 'generation' | 'layout' | 'positions'>): Promise<State | undefined> {
    const key = `besides.${next.generation}`;
    const swapped = { ...next, seq: state.seq + 1 };
    const { matchedCount } = await this.#states.updateOne(
      { _id: this.name, seq: state.seq, [key]: { $exists: true } },
      { $set: swapped, $unset: { [key]: '', pending: '' } },
    );
    return matchedCount === 1 ? swapped : undefined;
  }

  /** Drops whatever neither answers nor is being filled. */
  async sweep(now = Date.now()): Promise<void> {
    const prefix = projectionPrefix(this.name);
    const all = await this.#db.listCollections({}, { nameOnly: true }).toArray();
    const found = await this.#states.findOne({ _id: this.name }, { projection: { pending: 0 } });
    const { generation, besides } = z
      .object({ generation: z.string(), besides: z.record(z.string(), z.date()).default({}) })
      .parse(found);
    const kept = new Set([generation]);
    for (const [beside, heard] of Object.entries(besides)) {
      if (now - heard.getTime() < UNHEARD_MS) kept.add(beside);
      else await this.forget(beside);
    }
    for (const { name } of all) {
      if (name.startsWith(prefix) && !kept.has(generationIn(name) ?? '')) await this.#db.dropCollection(name);
    }
  }

  async #redo(state: State, { positions, writes, more }: Pending): Promise<void> {
    const found = more.length === 0 ? [] : await this.#parts.find({ _id: { $in: more } }).toArray();
    // Whoever has taken the parts away has finished.
    if (found.length < more.length) return;
    const rest = z
      .array(Part)
      .parse(found)
      .flatMap((part) => part.writes);
    await this.#finish({ ...state, positions }, [...writes, ...rest], more.length > 0);
  }

  /** A document is written once a batch, so the order of the writes does not matter. */
  async #finish({ generation, seq, positions }: State, writes: readonly ModelWrite[], parts: boolean): Promise<void> {
    const models = [...new Set(writes.map(({ model }) => model))];
    await Promise.all(
      models.map((name) =>
        writeDocuments(
          this.collection(generation, name),
          writes.filter(({ model }) => model === name),
          seq,
        ),
      ),
    );
    await this.#states.updateOne({ _id: this.name, seq }, { $set: { positions }, $unset: { pending: '' } });
    if (parts) await this.#parts.deleteMany({ projection: this.name, seq: { $lte: seq } });
  }
}
