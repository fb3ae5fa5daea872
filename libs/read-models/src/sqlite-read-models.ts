import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ServiceName } from '@phancong/contracts';
import { SharedTurn } from '@phancong/event-sourcing';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { AnyReadModel, ReadModels } from './read-models.ts';
import { type TableWriter, createTable, tablePrefix, tableReader, tableWriter } from './sqlite-tables.ts';
import type { Storage, StoredGeneration } from './storage.ts';
import { storedReadModels } from './stored-read-models.ts';

const StoredPosition = z.object({ source: ServiceName, position: z.int() });
const Generation = z.object({
  id: z.int(),
  projection: z.string(),
  layout: z.string(),
  active: z.int().transform((active) => active === 1),
});
const TableName = z.object({ name: z.string() });

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS generations
    (id INTEGER PRIMARY KEY AUTOINCREMENT, projection TEXT NOT NULL, layout TEXT NOT NULL, active INTEGER NOT NULL) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS one_active_generation ON generations (projection) WHERE active = 1;
  CREATE TABLE IF NOT EXISTS positions
    (generation INTEGER, source TEXT, position INTEGER NOT NULL, PRIMARY KEY (generation, source)) STRICT, WITHOUT ROWID;
`;

/** 2 MB: what is used often is kept as documents. better-sqlite3's own 16 MB a connection add up, and save no time here. */
const PAGE_CACHE = 'cache_size = -2000';

function writerOf(file: string): Database.Database {
  mkdirSync(dirname(file), { recursive: true });
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  // A commit lost with the power takes its position along: the batch is delivered again.
  db.pragma('synchronous = NORMAL');
  // What is deleted (an erased person) does not stay readable in the pages it leaves.
  db.pragma('secure_delete = ON');
  db.pragma('journal_size_limit = 67108864');
  db.pragma(PAGE_CACHE);
  db.exec(SCHEMA);
  return db;
}

/** Documents and positions of all projections of a service in one file, which this process owns. */
class SqliteStorage implements Storage {
  readonly #writer: Database.Database;
  readonly #reader: Database.Database;
  readonly #reads: SharedTurn;
  readonly #writers = new Map<number, Map<AnyReadModel, TableWriter>>();
  readonly #transaction: (work: () => void) => void;
  readonly #setPosition: Database.Statement<[number, string, number]>;

  constructor(file: string) {
    this.#writer = writerOf(file);
    this.#reader = new Database(file, { readonly: true });
    this.#reader.pragma(PAGE_CACHE);
    const begin = this.#reader.prepare('BEGIN');
    const end = this.#reader.prepare('COMMIT');
    // Each read by itself would take and give back the lock of the file, which takes longer than most reads (ADR 0127).
    this.#reads = new SharedTurn(
      () => begin.run(),
      () => this.#reader.inTransaction && end.run(),
    );
    const transaction = this.#writer.transaction((work: () => void) => work());
    this.#transaction = (work) => {
      // What is read from here on is to see what is written.
      this.#reads.finish();
      transaction.immediate(work);
    };
    this.#setPosition = this.#writer.prepare('INSERT OR REPLACE INTO positions VALUES (?, ?, ?)');
  }

  generations(): readonly StoredGeneration[] {
    const positions = this.#writer.prepare('SELECT source, position FROM positions WHERE generation = ?');
    return z
      .array(Generation)
      .parse(this.#writer.prepare('SELECT * FROM generations ORDER BY id').all())
      .map((generation) => ({
        ...generation,
        positions: Object.fromEntries(
          z
            .array(StoredPosition)
            .parse(positions.all(generation.id))
            .map(({ source, position }) => [source, position]),
        ),
      }));
  }

  create(...[{ name, models }, layout, active]: Parameters<Storage['create']>): number {
    let id = 0;
    this.#transaction(() => {
      const insert = this.#writer.prepare('INSERT INTO generations (projection, layout, active) VALUES (?, ?, ?)');
      id = Number(insert.run(name, layout, active ? 1 : 0).lastInsertRowid);
      for (const model of models) createTable(this.#writer, id, model);
    });
    return id;
  }

  activate(id: number): void {
    this.#transaction(() => {
      const next = this.generations().find((generation) => generation.id === id);
      for (const { id: other, projection, active } of this.generations()) {
        if (active && other !== id && projection === next?.projection) this.#remove(other);
      }
      this.#writer.prepare('UPDATE generations SET active = 1 WHERE id = ?').run(id);
    });
  }

  drop(id: number): void {
    this.#transaction(() => this.#remove(id));
  }

  table(id: number, model: AnyReadModel) {
    return tableReader(this.#reader, id, model, this.#reads);
  }

  write(...[id, writes, positions]: Parameters<Storage['write']>): void {
    const writers = this.#writers.get(id) ?? new Map<AnyReadModel, TableWriter>();
    this.#writers.set(id, writers);
    this.#transaction(() => {
      for (const [model, list] of writes) {
        const write = writers.get(model) ?? tableWriter(this.#writer, id, model);
        writers.set(model, write);
        write(list);
      }
      for (const [source, position] of Object.entries(positions)) this.#setPosition.run(id, source, position);
    });
  }

  close(): void {
    this.#reader.close();
    this.#writer.close();
  }

  #remove(id: number): void {
    const tables = this.#writer.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB ?`);
    for (const { name } of z.array(TableName).parse(tables.all(`${tablePrefix(id)}_*`))) {
      this.#writer.exec(`DROP TABLE "${name}"`);
    }
    this.#writer.prepare('DELETE FROM positions WHERE generation = ?').run(id);
    this.#writer.prepare('DELETE FROM generations WHERE id = ?').run(id);
    this.#writers.delete(id);
  }
}

export interface SqliteReadModelsOptions {
  /** One for each service; its folder is made if need be. */
  readonly file: string;
}

/** The ReadModels port on one SQLite file. */
export const sqliteReadModels = ({ file }: SqliteReadModelsOptions): ReadModels =>
  storedReadModels(new SqliteStorage(file));
