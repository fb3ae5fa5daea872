import { publish as publishActivity } from '@phancong/activity';
import { publish as publishAssignment } from '@phancong/assignment';
import {
  type AssignmentTerms,
  type Deed,
  emptyTree,
  evolveLife,
  evolveTerms,
  evolveTree,
  type MemberLife,
  type Message,
  type OrganisationTree,
} from '@phancong/contracts';
import type { Publish } from '@phancong/event-feed';
import { type BenchRow, benchRow, type EventStore, median } from '@phancong/event-sourcing';
import { sqliteEventStore } from '@phancong/event-store-sqlite';
import { publish as publishMembership } from '@phancong/membership';
import { join } from 'node:path';
import { loadDemo } from '../demo/load-demo.ts';
import { loaderClock } from '../demo/loader-clock.ts';
import { openStandalone } from '../standalone.ts';

const ROUNDS = 3;
const SCALE = 0.2;
const PAGE = 1_000;
const timeZone = 'Asia/Ho_Chi_Minh';

/** How many of the sets of read models read each log. */
const READERS: readonly (readonly [service: string, publish: Publish, readers: number])[] = [
  ['membership', publishMembership, 3],
  ['assignment', publishAssignment, 3],
  ['activity', publishActivity, 2],
];

/**
 * Rebuilds all read models of a fifth of the demo, beside reading the same logs as often, translating every event and
 * folding it in memory.
 */
export async function benchRebuild(dataDir: string): Promise<BenchRow[]> {
  const clock = loaderClock();
  const standalone = await openStandalone({ dataDir, timeZone, clock: clock.clock, logger: false });
  const rebuilds: number[] = [];
  try {
    await loadDemo({
      dataDir,
      clock,
      scale: SCALE,
      send: ({ path, body, idempotencyKey }) =>
        standalone.send('POST', path, body, { 'idempotency-key': idempotencyKey }),
      settle: () => standalone.settled(),
    });
    for (let round = 0; round < ROUNDS; round += 1) {
      rebuilds.push(await time(() => standalone.rebuild(() => undefined)));
    }
  } finally {
    await standalone.close();
  }
  const folds: number[] = [];
  let events = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    events = 0;
    folds.push(
      await time(async () => {
        for (const [service, publish, readers] of READERS) {
          const store = sqliteEventStore({ file: join(dataDir, service, 'events.db') });
          for (let reader = 0; reader < readers; reader += 1) events += await foldLog(store, publish);
          await store.close();
        }
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
}

async function foldLog(store: EventStore, publish: Publish): Promise<number> {
  const fold = new Fold();
  let read = 0;
  for (let after = 0; ; ) {
    const page = await store.readAll(after, PAGE);
    const last = page.at(-1);
    if (!last) return read;
    for (const event of page) {
      const message = publish(event);
      if (message) fold.take(message);
    }
    read += page.length;
    after = last.position;
  }
}

/** What the messages come to, in memory. */
class Fold {
  readonly #lives = new Map<string, MemberLife>();
  readonly #books = new Map<string, readonly AssignmentTerms[]>();
  readonly #deeds = new Map<string, Deed>();
  #tree: OrganisationTree = emptyTree;

  take(message: Message): void {
    if ('organisation' in message && message.source === 'membership') {
      this.#tree = evolveTree(this.#tree, message);
    } else if ('deed' in message) {
      this.#deeds.set(message.activity, message.deed);
    } else if (message.source === 'assignment' && 'member' in message) {
      this.#books.set(message.member, evolveTerms(this.#books.get(message.member) ?? [], message));
    } else if (message.source === 'membership' && 'member' in message && !('candidate' in message)) {
      const life = evolveLife(this.#lives.get(message.member), message);
      if (life) this.#lives.set(message.member, life);
    }
  }
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
