import {
  type ClaimedKey,
  type IdempotencyKeys,
  type IdempotencyKeysOptions,
  KEEP_KEYS_MS,
} from './idempotency-keys.ts';
import { systemClock } from './time.ts';

interface Claim extends ClaimedKey {
  readonly at: number;
}

/** The IdempotencyKeys port in memory, for tests and tools. */
export function inMemoryIdempotencyKeys({
  clock = systemClock,
  keepMs = KEEP_KEYS_MS,
}: IdempotencyKeysOptions = {}): IdempotencyKeys {
  // In the order of their claims: a claim that replaces an expired one is put at the end.
  const claims = new Map<string, Claim>();

  const forget = (before: number): void => {
    for (const [key, { at }] of claims) {
      if (at > before) return;
      claims.delete(key);
    }
  };

  return {
    async claim(key, fingerprint) {
      const at = clock().getTime();
      forget(at - keepMs);
      const known = claims.get(key) ?? { fingerprint, at };
      claims.set(key, known);
      return known.answer === undefined
        ? { fingerprint: known.fingerprint }
        : { fingerprint: known.fingerprint, answer: known.answer };
    },
    async answered(key, answer) {
      const known = claims.get(key);
      if (known) claims.set(key, { ...known, answer });
    },
    async release(key) {
      claims.delete(key);
    },
    async close() {
      claims.clear();
    },
  };
}
