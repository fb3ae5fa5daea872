import type { SharedTurn } from '@phancong/event-sourcing';
import type { Database } from 'better-sqlite3';
import type { Range } from './index-entry.ts';
import type { AnyReadModel } from './read-models.ts';
import type { Row, Table, Write } from './storage.ts';

const NAME = /^[A-Za-z][A-Za-z0-9-]*$/;

function quoted(...parts: readonly string[]): string {
  const name = parts.at(-1) ?? '';
  if (!NAME.test(name)) throw new RangeError(`'${name}' cannot name a read model or an index`);
  return `"${parts.join('_')}"`;
}

/** Everything of one generation begins with this. */
export const tablePrefix = (generation: number): string => `g${generation}`;

const tableName = (generation: number, model: AnyReadModel): string => quoted(tablePrefix(generation), model.name);
const column = (index: string): string => quoted('k', index);

/**
 * A table for a model: its documents, and for each declared index a column with the entry's bytes. They sort as the
 * values do, however many there are, so that every query is one range of one index.
 */
export function createTable(db: Database, generation: number, model: AnyReadModel): void {
  const table = tableName(generation, model);
  const columns = Object.keys(model.indexes).map((index) => `, ${column(index)} BLOB`);
  db.exec(`CREATE TABLE ${table} (id TEXT PRIMARY KEY, doc TEXT NOT NULL${columns.join('')}) STRICT`);
  for (const index of Object.keys(model.indexes)) {
    const key = column(index);
    const name = quoted(tablePrefix(generation), model.name, index);
    db.exec(`CREATE INDEX ${name} ON ${table} (${key}, id) WHERE ${key} IS NOT NULL`);
  }
}

/** The query of every `find`. */
export function rangeSql(generation: number, model: AnyReadModel, index: string, descending: boolean): string {
  const key = column(index);
  const order = descending ? 'DESC' : 'ASC';
  return `SELECT ${key} AS key, id, doc AS text FROM ${tableName(generation, model)}
    WHERE ${key} IS NOT NULL AND (${key}, id) > (?, ?) AND (${key}, id) < (?, ?) ORDER BY ${key} ${order}, id ${order} LIMIT +?`;
}

/** Reads a model's documents with statements prepared once, in the transaction of the turn. */
export function tableReader(db: Database, generation: number, model: AnyReadModel, reads: SharedTurn): Table {
  const get = db.prepare<[string], string>(`SELECT doc FROM ${tableName(generation, model)} WHERE id = ?`).pluck();
  const prepared = new Map<string, ReturnType<typeof range>>();
  const range = (sql: string) => db.prepare<[Buffer, string, Buffer, string, number], Row>(sql);
  return {
    get(id) {
      reads.join();
      return get.get(id);
    },
    range(index, { above, below, descending, limit }: Range) {
      const sql = rangeSql(generation, model, index, descending);
      const statement = prepared.get(sql) ?? range(sql);
      prepared.set(sql, statement);
      reads.join();
      return statement.all(above.key, above.id, below.key, below.id, limit ?? -1);
    },
  };
}

export type TableWriter = (writes: readonly Write[]) => void;

/** Writes a model's documents; inside a transaction. */
export function tableWriter(db: Database, generation: number, model: AnyReadModel): TableWriter {
  const table = tableName(generation, model);
  const indexes = Object.keys(model.indexes);
  const columns = indexes.map(column);
  const set = ['doc', ...columns].map((name) => `${name} = excluded.${name}`);
  const put = db.prepare<(string | Buffer | null)[]>(
    `INSERT INTO ${table} (id, doc${columns.map((name) => `, ${name}`).join('')})
      VALUES (?, ?${columns.map(() => ', ?').join('')}) ON CONFLICT (id) DO UPDATE SET ${set.join(', ')}`,
  );
  // Without the index columns SQLite leaves the indexes alone.
  const update = db.prepare<[string, string]>(`UPDATE ${table} SET doc = ? WHERE id = ?`);
  const remove = db.prepare<[string]>(`DELETE FROM ${table} WHERE id = ?`);
  return (writes) => {
    for (const { id, text, keys } of writes) {
      if (text === undefined) remove.run(id);
      else if (keys) put.run(id, text, ...indexes.map((index) => keys[index] ?? null));
      else update.run(text, id);
    }
  };
}
