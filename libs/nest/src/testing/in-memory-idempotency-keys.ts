import type { ClaimedKey, IdempotencyKeys } from '@phancong/event-sourcing';

/** The IdempotencyKeys port in memory. */
export function inMemoryIdempotencyKeys(): IdempotencyKeys {
  const claimed = new Map<string, ClaimedKey>();
  return {
    async claim(key, fingerprint) {
      const before = claimed.get(key);
      if (before) return before;
      claimed.set(key, { fingerprint });
      return { fingerprint };
    },
    async answered(key, answer) {
      const before = claimed.get(key);
      if (!before) throw new Error('the key was not claimed');
      claimed.set(key, { ...before, answer });
    },
    async release(key) {
      claimed.delete(key);
    },
    async close() {
      claimed.clear();
    },
  };
}
