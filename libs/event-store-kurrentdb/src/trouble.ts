import { setTimeout as wait } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { StoreClosed, StoreUnavailable } from '@phancong/event-sourcing';

/** gRPC's codes for what may go better at the next try: links that break, servers that start, stop or change roles. */
const PASSING: readonly unknown[] = [
  status.CANCELLED,
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
  status.INTERNAL,
  status.UNAVAILABLE,
];

export function passes(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('type' in error && error.type === 'not-leader') return true;
  return 'code' in error && PASSING.includes(error.code);
}

/** 50 ms after the first failure, doubled up to 2 s, and up to half of it more so that not all come at once. */
export const pauseMs = (failures: number): number =>
  Math.min(2_000, 50 * 2 ** Math.min(failures - 1, 10)) * (1 + Math.random() / 2);

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Tries until it goes well, for `patienceMs`.
 * @throws StoreUnavailable after that; StoreClosed once `closed` is aborted; at once what another try does not change
 */
export async function persist<Result>(
  action: (until: Date) => Promise<Result>,
  { patienceMs, closed }: { readonly patienceMs: number; readonly closed: AbortSignal },
): Promise<Result> {
  const until = new Date(Date.now() + patienceMs);
  for (let failures = 1; ; failures += 1) {
    if (closed.aborted) throw new StoreClosed('the store is closed');
    try {
      return await action(until);
    } catch (error) {
      if (closed.aborted) throw new StoreClosed('the store is closed', { cause: error });
      if (!passes(error)) throw error;
      const pause = pauseMs(failures);
      if (Date.now() + pause > until.getTime()) {
        throw new StoreUnavailable(`the event store does not answer: ${textOf(error)}`, { cause: error });
      }
      // Ends early when the store is closed; the loop sees why.
      await wait(pause, undefined, { signal: closed }).catch(() => undefined);
    }
  }
}
