import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BenchRow,
  benchRow,
  Day,
  eventIdOf,
  type EventStore,
  median,
  newCommandId,
  type NewEvent,
  percentile,
} from '@phancong/event-sourcing';
import { sqliteEventStore } from '../sqlite-event-store.ts';
import { rawLog } from './raw-log.ts';

const ROUNDS = 15;
const LONG = 10_000;

/**
 * Measures the store in new files of the folder (made if it is not there; they are left for the caller to remove):
 * appends beside bare better-sqlite3, callers at the same time beside one caller, a long stream beside a short one.
 * Takes some twenty seconds on a disk that needs 5 ms to sync.
 */
export async function benchAppends(folder: string): Promise<BenchRow[]> {
  await mkdir(folder, { recursive: true });
  const store = sqliteEventStore({ file: join(folder, 'bench-store.db') });
  const raw = rawLog(join(folder, 'bench-raw.db'));
  try {
    const against = async (name: string, target: number, size: number, appends: number): Promise<BenchRow> => {
      const [own, bare]: [number[], number[]] = [[], []];
      const stream = `bench-${size}`;
      for (let index = 0; index < appends; index += 1) {
        const [ownEvents, bareEvents] = [events(size), events(size)];
        const first = index * size;
        await inTurn(index, [
          async () => own.push(await time(() => store.append(stream, first === 0 ? 'none' : first - 1, ownEvents))),
          async () => bare.push(await time(() => raw.append(stream, first, bareEvents))),
        ]);
      }
      const perSecond = (times: readonly number[]): number => (size / median(times)) * 1_000;
      return benchRow({ name, value: perSecond(own), unit: 'events/s', limit: perSecond(bare), target });
    };
    return [
      await against('append, 1 event a transaction, beside raw better-sqlite3', 0.85, 1, 400),
      await against('append, 100 events a transaction, beside raw better-sqlite3', 0.6, 100, 150),
      await callers(store),
      await longStream(store),
    ];
  } finally {
    raw.close();
    await store.close();
  }
}

/** 64 callers, each waiting for its answer before it appends again, beside one such caller. */
async function callers(store: EventStore): Promise<BenchRow> {
  const [alone, together]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const append = (caller: number, count: number): Promise<void> =>
      appendInTurn(
        store,
        `caller-${round}-${caller}`,
        Array.from({ length: count }, () => events(1)),
      );
    alone.push(await rate(20, () => append(64, 20)));
    together.push(await rate(64 * 10, () => Promise.all(Array.from({ length: 64 }, (_, index) => append(index, 10)))));
  }
  return benchRow({
    name: '64 callers at the same time, beside one',
    value: median(together),
    unit: 'events/s',
    limit: median(alone),
    target: 8,
  });
}

/** What the slowest hundredth of appends to a stream of 10.000 events takes, beside a stream of 20. */
async function longStream(store: EventStore): Promise<BenchRow> {
  await store.append('long', 'none', events(LONG));
  const [long, short]: [number[], number[]] = [[], []];
  for (let index = 0; index < 1_000; index += 1) {
    const stream = `short-${index}`;
    await store.append(stream, 'none', events(20));
    const [longEvents, shortEvents] = [events(1), events(1)];
    await inTurn(index, [
      async () => long.push(await time(() => store.append('long', LONG - 1 + index, longEvents))),
      async () => short.push(await time(() => store.append(stream, 19, shortEvents))),
    ]);
  }
  return benchRow({
    name: 'append to a stream of 10.000 events beside one of 20, p99',
    value: percentile(long, 0.99),
    unit: 'ms',
    limit: percentile(short, 0.99),
    target: 2,
  });
}

async function appendInTurn(store: EventStore, stream: string, groups: readonly NewEvent[][]): Promise<void> {
  let last = -1;
  for (const group of groups) {
    await store.append(stream, last === -1 ? 'none' : last, group);
    last += group.length;
  }
}

/** Events of about the size of an assignment's, with the ids that commands give them. */
function events(count: number): NewEvent[] {
  return Array.from({ length: count }, () => {
    const command = newCommandId();
    return {
      id: eventIdOf(command, 0),
      command,
      type: 'AssignmentMade',
      version: 1,
      occurredAt: ON,
      by: 'can-bo-7',
      data: DATA,
    };
  });
}

const ON = Day.parse('2014-05-01');
const DATA = JSON.stringify({
  member: 'dv-004245',
  assignment: '0197a3b4-5c6d-7e8f-9a0b-1c2d3e4f5a6b',
  group: 'to-dan-pho-7',
  groupKind: 'residents',
  origin: 'assigned',
  content: ['Hiến máu nhân đạo', 'Xây dựng nếp sống văn minh'],
});

/** Both, one after the other, in an order that changes: whatever else the machine does falls on both alike. */
async function inTurn(
  index: number,
  [one, other]: readonly [() => Promise<unknown>, () => Promise<unknown>],
): Promise<void> {
  await (index % 2 === 0 ? one() : other());
  await (index % 2 === 0 ? other() : one());
}

async function time(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Of `count` things done by the work, how many a second. */
const rate = async (count: number, work: () => unknown): Promise<number> => (count / (await time(work))) * 1_000;
