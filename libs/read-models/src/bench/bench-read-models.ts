import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BenchRow, benchRow, median } from '@phancong/event-sourcing';
import Database from 'better-sqlite3';
import { z } from 'zod';
import type { Projection, ReadModel } from '../read-models.ts';
import { sqliteReadModels } from '../sqlite-read-models.ts';

const Roster = z.object({ cell: z.string(), name: z.string(), days: z.array(z.string()), changes: z.number() });
type Roster = z.infer<typeof Roster>;

const rosters: ReadModel<Roster> = {
  name: 'rosters',
  schema: Roster,
  indexes: { byCell: ({ cell, name }) => [cell, name] },
};

const projection: Projection = {
  name: 'rosters',
  version: 1,
  models: [rosters],
  sources: ['membership'],
  apply: async () => undefined,
};

const MEMBERS = 5_000;
const BATCHES = 100;
const BATCH = 1_000;
const DAYS = Array.from({ length: 20 }, (_, at) => `2014-01-${String(at + 1).padStart(2, '0')}`);

const changed = (id: string, before: Roster | undefined): Roster =>
  before
    ? { ...before, changes: before.changes + 1 }
    : { cell: `cell-${id.slice(-2)}`, name: `Đặng Văn ${id}`, days: DAYS, changes: 0 };

/** The members that a batch changes, spread over all of them. */
const idsOf = (batch: number): readonly string[] =>
  Array.from({ length: BATCH }, (_, at) => `member-${((batch * BATCH + at) * 7_919) % MEMBERS}`);

/** A document table as one would write it by hand. */
function rawDocuments(file: string) {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(
    `CREATE TABLE rosters (id TEXT PRIMARY KEY, cell TEXT, name TEXT, doc TEXT NOT NULL) STRICT;
     CREATE INDEX by_cell ON rosters (cell, name, id);
     CREATE TABLE positions (source TEXT PRIMARY KEY, position INTEGER) STRICT`,
  );
  const get = db.prepare<[string], string>('SELECT doc FROM rosters WHERE id = ?').pluck();
  const insert = db.prepare('INSERT INTO rosters VALUES (?, ?, ?, ?)');
  const update = db.prepare('UPDATE rosters SET doc = ? WHERE id = ?');
  const position = db.prepare('INSERT OR REPLACE INTO positions VALUES (?, ?)');
  return {
    apply: db.transaction((batch: number) => {
      for (const id of idsOf(batch)) {
        const text = get.get(id);
        const doc = changed(id, text === undefined ? undefined : JSON.parse(text));
        if (text === undefined) insert.run(id, doc.cell, doc.name, JSON.stringify(doc));
        else update.run(JSON.stringify(doc), id);
      }
      position.run('membership', batch + 1);
    }),
    close: () => db.close(),
  };
}

async function time(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/**
 * What the port costs beside bare better-sqlite3 and JSON.parse: documents read, changed and committed, 1.000 at a
 * time, in new files of the folder (made if it is not there; they are left for the caller to remove).
 */
export async function benchReadModels(folder: string): Promise<BenchRow[]> {
  await mkdir(folder, { recursive: true });
  const readModels = sqliteReadModels({ file: join(folder, 'bench-read-models.db') });
  const raw = rawDocuments(join(folder, 'bench-documents.db'));
  const commit = (batch: number) =>
    readModels.commit(projection, 'membership', batch + 1, async (session) => {
      const ids = idsOf(batch);
      const before = await session.getMany(rosters, ids);
      for (const id of ids) await session.put(rosters, id, changed(id, before.get(id)));
    });
  try {
    const [own, bare]: [number[], number[]] = [[], []];
    for (let batch = 0; batch < BATCHES; batch += 1) {
      // Each goes first every other time, so that neither profits from the other's warm disk.
      const both = [
        async () => own.push(await time(() => commit(batch))),
        async () => bare.push(await time(() => raw.apply(batch))),
      ];
      for (const measure of batch % 2 === 0 ? both : both.toReversed()) await measure();
    }
    const perSecond = (times: readonly number[]): number => (BATCH / median(times)) * 1_000;
    const name = 'read models, documents changed 1,000 a commit, beside raw better-sqlite3';
    return [benchRow({ name, value: perSecond(own), unit: 'documents/s', limit: perSecond(bare), target: 0.7 })];
  } finally {
    raw.close();
    await readModels.close();
  }
}
