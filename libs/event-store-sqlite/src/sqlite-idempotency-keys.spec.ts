import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IdempotencyKeysOptions, KEEP_KEYS_MS } from '@phancong/event-sourcing';
import { idempotencyKeysContract, type MadeIdempotencyKeys } from '@phancong/event-sourcing/testing';
import Database from 'better-sqlite3';
import { sqliteIdempotencyKeys } from './sqlite-idempotency-keys.ts';

const make = async (options: IdempotencyKeysOptions): Promise<MadeIdempotencyKeys & { file: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'phancong-keys-'));
  const file = join(folder, 'idempotency.db');
  const keys = sqliteIdempotencyKeys({ file, ...options });
  return {
    keys,
    file,
    cleanUp: async () => {
      await keys.close();
      await rm(folder, { recursive: true });
    },
  };
};

idempotencyKeysContract('SQLite', make);

describe('idempotency keys in a file', () => {
  let now = new Date('2014-05-02T00:00:00.000Z');
  let made: Awaited<ReturnType<typeof make>>;
  beforeEach(async () => {
    made = await make({ clock: () => now });
  });
  afterEach(() => made.cleanUp());

  it('are there for the next process', async () => {
    await made.keys.claim('k1', 'request A');
    await made.keys.answered('k1', 'done');
    await made.keys.close();
    const next = sqliteIdempotencyKeys({ file: made.file, clock: () => now });
    expect(await next.claim('k1', 'request A')).toEqual({ fingerprint: 'request A', answer: 'done' });
    await next.close();
  });

  it('do not pile up: those too old are removed from the file', async () => {
    for (let index = 0; index < 20; index += 1) await made.keys.claim(`k${index}`, 'request');
    now = new Date(now.getTime() + KEEP_KEYS_MS);
    await made.keys.claim('new', 'request');
    const file = new Database(made.file, { readonly: true });
    expect(file.prepare('SELECT key FROM keys').pluck().all()).toEqual(['new']);
    file.close();
  });
});
