import { publish as publishActivity } from '@phancong/activity';
import { publish as publishAssignment } from '@phancong/assignment';
import { type BenchRow, benchRow, median } from '@phancong/event-sourcing';
import { sqliteEventStore } from '@phancong/event-store-sqlite';
import { publish as publishMembership } from '@phancong/membership';
import type { Projection } from '@phancong/read-models';
import { join } from 'node:path';
import { loadDemo } from '../demo/load-demo.ts';
import { loaderClock } from '../demo/loader-clock.ts';
import { openStandalone } from '../standalone.ts';
import { foldedDocuments } from './folded-documents.ts';

const ROUNDS = 3;
const SCALE = 0.2;
const PAGE = 1_000;
const timeZone = 'Asia/Ho_Chi_Minh';

const publishers = { membership: publishMembership, assignment: publishAssignment, activity: publishActivity };

/**
 * Rebuilds all read models of a fifth of the demo, beside the least that this takes: each set reads its logs, translates
 * every event and folds it into documents, which stay in memory as objects.
 */
export async function benchRebuild(dataDir: string): Promise<BenchRow[]> {
  const clock = loaderClock();
  const standalone = await openStandalone({ dataDir, timeZone, clock: clock.clock, logger: false });
  try {
    await loadDemo({
      dataDir,
      clock,
      scale: SCALE,
      send: ({ path, body, idempotencyKey }) =>
        standalone.send('POST', path, body, { 'idempotency-key': idempotencyKey }),
      settle: () => standalone.settled(),
    });
    const [rebuilds, folds]: [number[], number[]] = [[], []];
    let events = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      rebuilds.push(await time(() => standalone.rebuild(() => undefined)));
      folds.push(
        await time(async () => {
          events = 0;
          for (const { projection } of standalone.sets) events += await fold(projection, dataDir);
        }),
      );
    }
    const perSecond = (times: readonly number[]): number => (events / median(times)) * 1_000;
    return [
      benchRow({
        name: 'rebuild of all read models, beside scan + parse + fold',
        value: perSecond(rebuilds),
        unit: 'events/s',
        limit: perSecond(folds),
        target: 0.6,
      }),
    ];
  } finally {
    await standalone.close();
  }
}

/** Folds the logs of a set, a page of each in turn. @returns how many events were read */
async function fold({ sources, apply }: Projection, dataDir: string): Promise<number> {
  const { session, endBatch } = foldedDocuments();
  const logs = sources.map((source) => ({
    store: sqliteEventStore({ file: join(dataDir, source, 'events.db') }),
    publish: publishers[source],
    after: 0,
    ended: false,
  }));
  let read = 0;
  while (logs.some(({ ended }) => !ended)) {
    for (const log of logs) {
      const page = await log.store.readAll(log.after, PAGE);
      const messages = page.flatMap((event) => log.publish(event) ?? []);
      if (messages.length > 0) await apply(messages, session);
      endBatch();
      read += page.length;
      log.after = page.at(-1)?.position ?? log.after;
      log.ended = page.length === 0;
    }
  }
  for (const { store } of logs) await store.close();
  return read;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
