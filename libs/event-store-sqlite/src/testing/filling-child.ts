/**
 * Fills a log until the disk is full, then tries what may still be tried, and prints one line of JSON:
 * what was appended before, the errors of the group that did not fit, and what was appended after.
 */
import { writeSync } from 'node:fs';
import { newEvent, newEvents } from '@phancong/event-sourcing/testing';
import { sqliteEventStore } from '../sqlite-event-store.ts';
import { sqliteIdempotencyKeys } from '../sqlite-idempotency-keys.ts';

const [, , , file = '', keysFile = ''] = process.argv;

async function fill(): Promise<void> {
  const store = sqliteEventStore({ file });
  const heads: number[] = [];
  store.onAppended((head) => heads.push(head));
  const small = newEvents(20);
  for (const [index, event] of small.entries()) await store.append('small', index === 0 ? 'none' : index - 1, [event]);

  const large = newEvent({ data: JSON.stringify({ note: 'x'.repeat(8_000_000) }) });
  const together = newEvents(2);
  const group = await Promise.allSettled([
    store.append('beside-1', 'none', together.slice(0, 1)),
    store.append('large', 'none', [large]),
    store.append('beside-2', 'none', together.slice(1)),
  ]);
  const head = await store.head();
  const after = await store.append('beside-1', 'none', together.slice(0, 1));

  const keys = sqliteIdempotencyKeys({ file: keysFile });
  const [claim] = await Promise.allSettled([keys.claim('k1', 'x'.repeat(8_000_000))]);
  const claimed = await keys.claim('k1', 'request A');
  writeSync(
    1,
    `${JSON.stringify({
      errors: [...group, claim].map((outcome) => (outcome.status === 'rejected' ? outcome.reason.name : 'kept')),
      head,
      after,
      heads: heads.at(-1),
      claimed,
      ids: [...small, ...together.slice(0, 1)].map(({ id }) => id),
    })}\n`,
  );
  // Without closing: the next process finds the log as a full disk leaves it.
  process.exit(0);
}

void fill();
