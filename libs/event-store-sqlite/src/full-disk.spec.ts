import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idsOf, newEvents, wholeLog } from '@phancong/event-sourcing/testing';
import { sqliteEventStore } from './sqlite-event-store.ts';
import { runChild } from './testing/child-process.ts';

describe('a log on a full disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'phancong-full-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('refuses all of the appends that share the transaction, keeps nothing of them, and goes on when there is room', async () => {
    const file = join(folder, 'events.db');
    const child = runChild('filling-child.ts', [file, join(folder, 'keys.db')], 4_096);
    await child.ended;
    const told = JSON.parse(child.lines[0] ?? '{}');
    expect(told).toMatchObject({
      errors: ['StoreFull', 'StoreFull', 'StoreFull', 'StoreFull'],
      head: 20,
      after: { revision: 0, position: 21 },
      heads: 21,
      claimed: { fingerprint: 'request A' },
    });

    const store = sqliteEventStore({ file });
    const log = await wholeLog(store);
    expect(idsOf(log)).toEqual(told.ids);
    expect(new Set(log.map(({ stream }) => stream))).toEqual(new Set(['small', 'beside-1']));
    expect(await store.append('large', 'none', newEvents(1))).toEqual({ revision: 0, position: 22 });
    await store.close();
  });
});
