import { type Entry, compareEntries, contains } from './index-entry.ts';
import type { ReadModels } from './read-models.ts';
import type { Row, Storage, StoredGeneration, Table, Write } from './storage.ts';
import { storedReadModels } from './stored-read-models.ts';

class MemoryTable implements Table {
  readonly #texts = new Map<string, string>();
  readonly #keys = new Map<string, Write['keys']>();

  get(id: string): string | undefined {
    return this.#texts.get(id);
  }

  range(index: string, range: Parameters<Table['range']>[1]): readonly Row[] {
    const rows: Row[] = [];
    for (const [id, text] of this.#texts) {
      const key = this.#keys.get(id)?.[index];
      if (key && contains(range, { key, id })) rows.push({ key, id, text });
    }
    rows.sort((a: Entry, b: Entry) => (range.descending ? compareEntries(b, a) : compareEntries(a, b)));
    return range.limit === undefined ? rows : rows.slice(0, range.limit);
  }

  write({ id, text, keys }: Write): void {
    if (text === undefined) {
      this.#texts.delete(id);
      this.#keys.delete(id);
    } else {
      this.#texts.set(id, text);
      if (keys) this.#keys.set(id, keys);
    }
  }
}

interface MemoryGeneration extends StoredGeneration {
  readonly tables: Map<string, MemoryTable>;
}

/** Finds by looking at every document. */
export function inMemoryStorage(): Storage {
  const generations = new Map<number, MemoryGeneration>();
  let created = 0;

  const of = (id: number): MemoryGeneration => {
    const generation = generations.get(id);
    if (!generation) throw new Error(`generation ${id} was dropped`);
    return generation;
  };
  const tableOf = (id: number, model: string): MemoryTable => {
    const { tables } = of(id);
    const table = tables.get(model) ?? new MemoryTable();
    tables.set(model, table);
    return table;
  };

  return {
    freezes: true,
    generations: () => [...generations.values()],
    create({ name }, layout, active) {
      created += 1;
      generations.set(created, { id: created, projection: name, layout, active, positions: {}, tables: new Map() });
      return created;
    },
    activate(id) {
      const next = of(id);
      for (const { id: other, projection, active } of generations.values()) {
        if (active && projection === next.projection) generations.delete(other);
      }
      generations.set(id, { ...next, active: true });
    },
    drop: (id) => generations.delete(id),
    table: (id, model) => tableOf(id, model.name),
    write(id, writes, positions) {
      const generation = of(id);
      for (const [model, list] of writes) for (const write of list) tableOf(id, model.name).write(write);
      generations.set(id, { ...generation, positions: { ...generation.positions, ...positions } });
    },
    close: () => undefined,
  };
}

/** The ReadModels port in memory, for tests and tools. An `evolve` that changes its document in place fails here. */
export const inMemoryReadModels = (): ReadModels => storedReadModels(inMemoryStorage());
