import { type Connection, type mongo, Schema } from 'mongoose';
import type { Range } from '../index-entry.ts';
import type { AnyReadModel, Projection } from '../read-models.ts';
import type { Row } from '../storage.ts';

export interface StoredDocument extends mongo.BSON.Document {
  readonly _id: string;
  /** JSON text. Without it the document was deleted, by the batch of this number. */
  readonly doc?: string;
}

const NAME = /^[A-Za-z][A-Za-z0-9-]*$/;

function checked(name: string): string {
  if (!NAME.test(name)) throw new RangeError(`'${name}' cannot name a projection, a read model or an index`);
  return name;
}

/** Everything of one projection begins with this. */
export const projectionPrefix = (projection: string): string => `${checked(projection)}.`;

export const collectionName = (projection: string, generation: string, model: string): string =>
  `${projectionPrefix(projection)}${generation}.${checked(model)}`;

export const generationIn = (collection: string): string | undefined => collection.split('.')[1];

export const field = (index: string): string => `k_${index}`;

// MongoDB sorts binary values by their length first, but texts by their bytes in UTF-8, which keeps the order of Latin-1.
export const textOfKey = (key: Buffer): string => key.toString('latin1');
const keyOfText = (text: unknown): Buffer => Buffer.from(String(text), 'latin1');

/** The collection of a model: its documents as text, and for each declared index the entry, as SQLite's table has it. */
function schemaOf({ indexes }: AnyReadModel): Schema {
  const keys = Object.keys(indexes).map((index) => field(checked(index)));
  const fields = Object.fromEntries(keys.map((key) => [key, String]));
  const schema = new Schema({ _id: String, seq: Number, doc: String, ...fields }, { versionKey: false });
  for (const key of keys) schema.index({ [key]: 1, _id: 1 });
  return schema;
}

/** Makes the collections of a generation with their indexes. */
export async function createCollections(db: Connection, projection: Projection, generation: string): Promise<void> {
  for (const model of projection.models) {
    const name = collectionName(projection.name, generation, model.name);
    const created = db.model(name, schemaOf(model), name);
    await created.createCollection();
    await created.createIndexes();
    db.deleteModel(name);
  }
}

/** The filters that together give the range in its order: plain conditions, each on one part of the index. */
export function rangeFilters(index: string, { above, below, descending }: Range): mongo.Filter<StoredDocument>[] {
  const key = field(index);
  const [first, last] = [textOfKey(above.key), textOfKey(below.key)];
  // A cursor stands at an entry whose key others may share: they are told apart by their ids.
  const parts: mongo.Filter<StoredDocument>[] = [{ [key]: { [above.id ? '$gt' : '$gte']: first, $lt: last } }];
  if (above.id && first < last) parts.unshift({ [key]: first, _id: { $gt: above.id } });
  if (below.id && first <= last)
    parts.push({ [key]: last, _id: { $gt: first === last ? above.id : '', $lt: below.id } });
  return descending ? parts.reverse() : parts;
}

/** How many ids one request names. */
const IDS = 1_000;

export async function textsOf(
  collection: mongo.Collection<StoredDocument>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (let start = 0; start < ids.length; start += IDS) {
    const some = collection.find({ _id: { $in: ids.slice(start, start + IDS) } }, { projection: { doc: 1 } });
    for await (const { _id, doc } of some) if (doc !== undefined) texts.set(_id, doc);
  }
  return texts;
}

export async function rowsOf(
  collection: mongo.Collection<StoredDocument>,
  index: string,
  range: Range,
): Promise<readonly Row[]> {
  const key = field(index);
  const direction = range.descending ? -1 : 1;
  const rows: Row[] = [];
  for (const filter of rangeFilters(index, range)) {
    const left = range.limit === undefined ? 0 : range.limit - rows.length;
    if (range.limit !== undefined && left === 0) break;
    const found = collection
      .find(filter, { projection: { doc: 1, [key]: 1 } })
      .sort({ [key]: direction, _id: direction });
    for await (const { _id, doc, ...keys } of found.limit(left)) {
      if (doc !== undefined) rows.push({ key: keyOfText(keys[key]), id: _id, text: doc });
    }
  }
  return rows;
}
