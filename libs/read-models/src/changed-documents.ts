import type { AnyDocuments, Underlying } from './committed-documents.ts';
import type { AnyReadModel } from './read-models.ts';
import { SessionDocuments } from './session-documents.ts';

/** Documents held before they are stored while a generation is being filled. */
const UNSTORED = 20_000;

/** What sessions have changed, by model. */
export type Changed = Map<AnyReadModel, AnyDocuments>;

export const touched = (changed: Changed) => [...changed.values()].filter((docs) => docs instanceof SessionDocuments);

export const isToBeStored = (unstored: Changed): boolean =>
  touched(unstored).reduce((sum, { size }) => sum + size, 0) > UNSTORED;

export function changedOf<Doc extends object>(changed: Changed, underlying: Underlying<Doc>): SessionDocuments<Doc> {
  const known = changed.get(underlying.model);
  if (known && SessionDocuments.isOf(known, underlying.model)) return known;
  const docs = new SessionDocuments(underlying);
  changed.set(underlying.model, docs);
  return docs;
}

/** Those of the documents that exist, by id. */
export function existing<Doc>(ids: readonly string[], get: (id: string) => Doc | undefined): ReadonlyMap<string, Doc> {
  const found = new Map<string, Doc>();
  for (const id of ids) {
    const doc = get(id);
    if (doc !== undefined) found.set(id, doc);
  }
  return found;
}
