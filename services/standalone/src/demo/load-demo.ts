import type { Instant } from '@phancong/event-sourcing';
import { z } from 'zod';
import { FIRST_INSTANT, MONTHS } from './calendar.ts';
import { demoPlan, type DemoLedger, type DemoOptions, type DemoPhase, type DemoRequest } from './demo-plan.ts';
import { noteDemoProgress, readDemoProgress } from './demo-progress.ts';
import type { LoaderClock } from './loader-clock.ts';

export interface Sent {
  readonly path: string;
  /** JSON. */
  readonly body: string;
  readonly idempotencyKey: string;
}

export interface LoadDemo extends DemoOptions {
  /** Where it notes how far it has come. */
  readonly dataDir: string;
  /** POSTs through the application's own door. */
  readonly send: (request: Sent) => Promise<{ readonly status: number; readonly body: string }>;
  /** Resolves when the services that take commands have heard of all that was written so far, and of what follows from it. */
  readonly settle: () => Promise<void>;
  /** The same of every service; asked after each year. The same as `settle`, if it is not given. */
  readonly settleAll?: () => Promise<void>;
  /** The clock of the services' stores. */
  readonly clock: LoaderClock;
  /** @param part of the whole history that is written down, 0 to 1 */
  readonly onProgress?: (part: number, recordedAt: Instant) => void;
}

/** The services refused what the plan asks for: the two do not fit together. */
export class DemoRefused extends Error {
  override readonly name = 'DemoRefused';
}

/** Routes that take many at once, and the name of the list there. */
const BULK: Readonly<Record<string, string>> = {
  '/membership/members/bulk': 'members',
  '/membership/members/bulk-transfer': 'items',
  '/membership/members/bulk-officialise': 'items',
  '/membership/members/bulk-exempt': 'items',
  '/membership/members/bulk-leave': 'items',
  '/membership/members/bulk-correct': 'items',
  '/membership/candidates/bulk': 'candidates',
  '/membership/candidates/bulk-train': 'items',
  '/membership/candidates/bulk-admit': 'items',
  '/membership/candidates/bulk-withdraw': 'items',
  '/assignment/groups/bulk': 'groups',
  '/assignment/assignments/bulk': 'assignments',
  '/assignment/assignments/changes': 'changes',
  '/assignment/registrations/bulk': 'registrations',
  '/activity/activities/bulk': 'activities',
};
const AT_ONCE = 250;
const SIDE_BY_SIDE = 64;

/**
 * Sends the demo's history to the services, from where an earlier, interrupted run got to: ids and keys are the same
 * at every run, so that what is sent again changes nothing. Leaves the clock at the system's time.
 * @returns what the services should now answer, by the plan's own count
 * @throws DemoRefused
 */
export async function loadDemo(options: LoadDemo): Promise<DemoLedger> {
  const { dataDir, send, settle, settleAll = settle, clock, onProgress } = options;
  const before = readDemoProgress(dataDir);
  const { seed = 1043, scale = 1 } = before ?? options;
  const first = before?.phases ?? 0;
  let recordedAt = before?.recordedAt ?? FIRST_INSTANT;
  let month = -1;
  const note = (phases: number, done: boolean): void =>
    noteDemoProgress(dataDir, { seed, scale, phases, recordedAt, done });
  clock.set(recordedAt);
  await settle();
  const plan = demoPlan({ seed, scale });
  for (let index = 0; ; index += 1) {
    const { done, value } = plan.next();
    if (done) {
      await settleAll();
      note(index, true);
      clock.release();
      return value;
    }
    if (index < first) continue;
    if (value.month !== month) {
      // Once a month: what is sent again after an interruption is at most a month's.
      if (month >= 0 && value.month % 12 === 0) await settleAll();
      ({ month, recordedAt } = value);
      note(index, false);
    }
    clock.set(value.recordedAt);
    await sendPhase(value, send);
    if (value.settles) await settle();
    onProgress?.((value.month + 1) / MONTHS, value.recordedAt);
  }
}

async function sendPhase({ requests, inTurn }: DemoPhase, send: LoadDemo['send']): Promise<void> {
  const waiting = packed(requests)[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const request of waiting) await sendOne(request, send);
  };
  await Promise.all(Array.from({ length: inTurn ? 1 : SIDE_BY_SIDE }, worker));
}

/** Requests as they are sent: those that a bulk route takes, in parcels. */
function* packed(requests: readonly DemoRequest[]): Generator<Sent> {
  const parcels = new Map<string, DemoRequest[]>();
  for (const request of requests) {
    const list = BULK[request.path];
    if (list === undefined) {
      yield { ...request, body: JSON.stringify(request.body) };
      continue;
    }
    const parcel = parcels.get(request.path) ?? [];
    parcels.set(request.path, parcel);
    if (parcel.push(request) === AT_ONCE) yield* unloaded(parcels, request.path);
  }
  for (const path of [...parcels.keys()]) yield* unloaded(parcels, path);
}

function* unloaded(parcels: Map<string, DemoRequest[]>, path: string): Generator<Sent> {
  const parcel = parcels.get(path) ?? [];
  parcels.delete(path);
  const [first] = parcel;
  if (!first) return;
  const body = JSON.stringify({ [BULK[path] ?? '']: parcel.map((request) => request.body) });
  yield { path, body, idempotencyKey: first.idempotencyKey };
}

const Answer = z.object({ rejected: z.int().default(0) });

async function sendOne(request: Sent, send: LoadDemo['send']): Promise<void> {
  const { status, body } = await send(request);
  if (status < 300 && Answer.parse(JSON.parse(body)).rejected === 0) return;
  throw new DemoRefused(`POST ${request.path} ${request.body.slice(0, 500)}: ${status} ${body.slice(0, 500)}`);
}
