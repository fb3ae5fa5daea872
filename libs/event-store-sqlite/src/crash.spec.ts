import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RecordedEvent } from '@phancong/event-sourcing';
import { wholeLog } from '@phancong/event-sourcing/testing';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { sqliteEventStore } from './sqlite-event-store.ts';
import { runChild } from './testing/child-process.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 5);
const SEED = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

describe(`a log whose process is killed while it appends (FC_SEED=${SEED}, CRASH_ROUNDS=${ROUNDS})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'phancong-crash-'));
  const file = join(folder, 'events.db');
  const acknowledged: string[][] = [];
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(fc.sample(fc.integer({ min: 0, max: 400 }), { numRuns: ROUNDS, seed: SEED }).map((ms, index) => [index, ms]))(
    'round %i, %i ms after its first answer: everything acknowledged is there, and goes on',
    async (round, ms) => {
      const child = runChild('appending-child.ts', [file, String(round)]);
      await child.firstLine;
      await wait(ms);
      child.process.kill('SIGKILL');
      await child.ended;
      expect(child.process.signalCode).toBe('SIGKILL');
      acknowledged.push(...child.lines.map((line) => line.split(' ')));

      const store = sqliteEventStore({ file });
      const log = await wholeLog(store);
      expect(whatIsMissing(acknowledged, log)).toEqual([]);
      expect(whatIsOutOfOrder(log)).toEqual([]);
      await store.close();

      const db = new Database(file, { readonly: true });
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      db.close();
    },
    30_000,
  );
});

/** Acknowledged appends of which not all events stand where the answer said. */
function whatIsMissing(acknowledged: readonly string[][], log: readonly RecordedEvent[]): string[][] {
  const places = new Map<string, RecordedEvent>(log.map((event) => [event.id, event]));
  return acknowledged.filter(([stream, revision, position, ids = '']) => {
    const events = ids.split(',').map((id) => places.get(id));
    const last = events.at(-1);
    const there = last?.revision === Number(revision) && last.position === Number(position);
    return !there || events.some((event) => event?.stream !== stream);
  });
}

/** Events that do not follow the one before: in the log by position and time, in their stream by revision. */
function whatIsOutOfOrder(log: readonly RecordedEvent[]): RecordedEvent[] {
  const next = new Map<string, number>();
  return log.filter(({ stream, revision, position, recordedAt }, index) => {
    const expected = next.get(stream) ?? 0;
    next.set(stream, revision + 1);
    const before = log[index - 1];
    return revision !== expected || position !== index + 1 || (before && before.recordedAt > recordedAt);
  });
}
