import type { Position, SealableEventStore } from './event-store.ts';
import type { Instant } from './time.ts';

/** The same time sealed in several logs, and where each of them ended then. */
export interface SealedLogs<Name extends string> {
  readonly at: Instant;
  readonly heads: Readonly<Partial<Record<Name, Position>>>;
}

/** Seals all logs at `at`, or at the latest event of any of them if that is later. */
export async function sealAll<Name extends string>(
  logs: ReadonlyMap<Name, SealableEventStore>,
  at: Instant,
): Promise<SealedLogs<Name>> {
  for (let latest = at; ; ) {
    const heads: Partial<Record<Name, Position>> = {};
    const asked = latest;
    for (const [name, log] of logs) {
      const seal = await log.seal(asked);
      heads[name] = seal.head;
      if (seal.at > latest) latest = seal.at;
    }
    if (latest === asked) return { at: asked, heads };
  }
}
