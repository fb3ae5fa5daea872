import type { Clock } from './time.ts';

/** What is known of a client's Idempotency-Key. */
export interface ClaimedKey {
  /** Fingerprint of the request that claimed the key first. Another one means that the key is used twice. */
  readonly fingerprint: string;
  /** The answer given, once there was one. Without it, run the request again: the ids of its events derive from the key. */
  readonly answer?: string | undefined;
}

/** Remembers idempotency keys and their answers for a while (see `keepMs`). */
export interface IdempotencyKeys {
  /** Claims the key for the request unless it is claimed already; tells who has it now. */
  claim(key: string, fingerprint: string): Promise<ClaimedKey>;
  /** Keeps the answer for whoever comes with the key again. Does nothing for a key that nobody has. */
  answered(key: string, answer: string): Promise<void>;
  /** Gives up a key whose request was refused, so that it can be used again. */
  release(key: string): Promise<void>;
  close(): Promise<void>;
}

export interface IdempotencyKeysOptions {
  readonly clock?: Clock;
  /** A key claimed this long ago (ms) is forgotten: who comes with it again is a new client. Default: seven days. */
  readonly keepMs?: number;
}

/** Seven days: a phone that was offline over a holiday may still send again what it had sent. */
export const KEEP_KEYS_MS = 7 * 24 * 60 * 60 * 1_000;
