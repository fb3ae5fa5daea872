import type { AnyReadModel, Change, IndexedValue, Page, Query, ReadModel, Session } from '@phancong/read-models';

const compare = (one: IndexedValue | undefined, other: IndexedValue | undefined): number =>
  one === other
    ? 0
    : one === null || one === undefined || (other !== null && other !== undefined && one < other)
      ? -1
      : 1;

/** Documents of one model as objects in memory, with where each stands in each index by the first value. */
class Folded<Doc extends object> {
  readonly #docs = new Map<string, Doc>();
  readonly #before = new Map<string, Doc | undefined>();
  readonly #places = new Map<string, Map<IndexedValue | undefined, Set<string>>>();

  constructor(readonly model: ReadModel<Doc>) {
    for (const index of Object.keys(model.indexes)) this.#places.set(index, new Map());
  }

  static isOf<Doc extends object>(docs: AnyFolded, model: ReadModel<Doc>): docs is Folded<Doc> {
    return docs.model === model;
  }

  get(id: string): Doc | undefined {
    return this.#docs.get(id);
  }

  put(id: string, doc: Doc | undefined): void {
    const before = this.#docs.get(id);
    if (!this.#before.has(id)) this.#before.set(id, before);
    if (doc === undefined) this.#docs.delete(id);
    else this.#docs.set(id, doc);
    for (const [index, valuesOf] of Object.entries(this.model.indexes)) {
      const [was, is] = [before && valuesOf(before), doc && valuesOf(doc)];
      if (was && (!is || was[0] !== is[0])) this.#standing(index, was[0]).delete(id);
      if (is) this.#standing(index, is[0]).add(id);
    }
  }

  find({ index, equals = [], from, descending, limit }: Query): Page<Doc> {
    const valuesOf = this.model.indexes[index];
    const places = this.#places.get(index);
    const ids =
      equals.length > 0
        ? [...this.#standing(index, equals[0])]
        : [...(places?.values() ?? [])].flatMap((set) => [...set]);
    const found = ids.flatMap((id) => {
      const doc = this.#docs.get(id);
      const values = doc && valuesOf?.(doc);
      const within =
        values &&
        equals.every((value, at) => values[at] === value) &&
        (from === undefined || compare(values[equals.length], from) >= 0);
      return within ? [{ id, doc, values }] : [];
    });
    const sign = descending ? -1 : 1;
    found.sort((one, other) => {
      const at = one.values.findIndex((value, place) => value !== other.values[place]);
      return sign * (at < 0 ? compare(one.id, other.id) : compare(one.values[at], other.values[at]));
    });
    return { items: found.slice(0, limit).map(({ id, doc }) => ({ id, doc })) };
  }

  changes(): readonly Change<Doc>[] {
    return [...this.#before]
      .map(([id, before]) => ({ id, before, after: this.#docs.get(id) }))
      .filter(({ before, after }) => before !== after);
  }

  endBatch(): void {
    this.#before.clear();
  }

  #standing(index: string, value: IndexedValue | undefined): Set<string> {
    const places = this.#places.get(index) ?? new Map<IndexedValue | undefined, Set<string>>();
    const ids = places.get(value) ?? new Set<string>();
    places.set(value, ids);
    return ids;
  }
}

interface AnyFolded {
  readonly model: AnyReadModel;
  endBatch(): void;
}

/** Documents that are only folded: no text, no file, no position. What a projection costs by itself. */
export function foldedDocuments(): { readonly session: Session; endBatch(): void } {
  const models = new Map<AnyReadModel, AnyFolded>();
  const of = <Doc extends object>(model: ReadModel<Doc>): Folded<Doc> => {
    const known = models.get(model);
    if (known && Folded.isOf(known, model)) return known;
    const docs = new Folded(model);
    models.set(model, docs);
    return docs;
  };
  return {
    session: {
      get: async (model, id) => of(model).get(id),
      async getMany(model, ids) {
        const docs = of(model);
        return new Map(
          ids.flatMap((id) => {
            const doc = docs.get(id);
            return doc === undefined ? [] : [[id, doc] as const];
          }),
        );
      },
      find: async (model, query) => of(model).find(query),
      put: async (model, id, doc) => of(model).put(id, doc),
      delete: async (model, id) => of(model).put(id, undefined),
      changes: async (model) => of(model).changes(),
    },
    endBatch() {
      for (const docs of models.values()) docs.endBatch();
    },
  };
}
