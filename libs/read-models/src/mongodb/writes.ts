import { mongo } from 'mongoose';
import { z } from 'zod';
import type { AnyReadModel } from '../read-models.ts';
import type { Write } from '../storage.ts';
import { type StoredDocument, field, textOfKey } from './collections.ts';

/** What is to become of a document, in absolute terms: doing it twice is doing it once. */
export const ModelWrite = z.object({
  model: z.string(),
  id: z.string(),
  /** JSON text; `null` deletes it. */
  text: z.string().nullable(),
  /** By index, where it has an entry. Left out when its entries are as they were. */
  keys: z.record(z.string(), z.string()).optional(),
});
export type ModelWrite = z.infer<typeof ModelWrite>;

export function modelWrite({ name }: AnyReadModel, { id, text, keys }: Write): ModelWrite {
  if (text === undefined) return { model: name, id, text: null };
  if (!keys) return { model: name, id, text };
  const texts: Record<string, string> = {};
  for (const [index, key] of Object.entries(keys)) if (key) texts[index] = textOfKey(key);
  return { model: name, id, text, keys: texts };
}

/** Names of fields and the like. */
const OVERHEAD = 100;

const sizeOf = ({ id, text, keys = {} }: ModelWrite): number =>
  OVERHEAD + id.length + (text?.length ?? 0) + Object.values(keys).reduce((sum, key) => sum + key.length, 0);

/** MongoDB takes 16 MB at once; a character may need three bytes. */
const PART = 4_000_000;

/** Cuts the writes of a batch into parts, each of which fits into a document. */
export function inParts(writes: readonly ModelWrite[], part = PART): readonly (readonly ModelWrite[])[] {
  const parts: ModelWrite[][] = [];
  let size = Infinity;
  for (const write of writes) {
    const more = sizeOf(write);
    if (size + more > part) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(write);
    size += more;
  }
  return parts;
}

/**
 * @param seq number of the batch: what a later one has written stays, so that a process that comes late changes nothing.
 * `unguarded` while a generation is being filled by its only writer, where deleted documents need not be remembered.
 */
function operation(
  { id, text, keys }: ModelWrite,
  seq: number | 'unguarded',
): mongo.AnyBulkWriteOperation<StoredDocument> {
  const filter = seq === 'unguarded' ? { _id: id } : { _id: id, seq: { $lt: seq } };
  const stamp = { seq: seq === 'unguarded' ? 0 : seq };
  if (text === null) {
    return seq === 'unguarded' ? { deleteOne: { filter } } : { replaceOne: { filter, replacement: stamp } };
  }
  if (!keys) return { updateOne: { filter, update: { $set: { ...stamp, doc: text } } } };
  const entries = Object.fromEntries(Object.entries(keys).map(([index, key]) => [field(index), key]));
  return { replaceOne: { filter, replacement: { ...stamp, doc: text, ...entries }, upsert: true } };
}

const DUPLICATE_KEY = 11_000;

/** Whether every write that failed had been done by a later batch, or by this one when it was done before. */
const isDoneAlready = (error: unknown): boolean =>
  error instanceof mongo.MongoBulkWriteError &&
  !error.result.getWriteConcernError() &&
  [error.writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY);

/** Writes documents of one collection. */
export async function writeDocuments(
  collection: mongo.Collection<StoredDocument>,
  writes: readonly ModelWrite[],
  seq: number | 'unguarded',
): Promise<void> {
  if (writes.length === 0) return;
  const operations = writes.map((write) => operation(write, seq));
  try {
    await collection.bulkWrite(operations, { ordered: false });
  } catch (error) {
    if (seq === 'unguarded' || !isDoneAlready(error)) throw error;
  }
}
