/** What is known of a client's Idempotency-Key. */
export interface ClaimedKey {
  /** Fingerprint of the request that claimed the key first. Another one means that the key is used twice. */
  readonly fingerprint: string;
  /** The answer given, once there was one. Without it, run the request again: the ids of its events derive from the key. */
  readonly answer?: string | undefined;
}

/** Remembers idempotency keys and their answers, durably. */
export interface IdempotencyKeys {
  /** Claims the key for the request unless it is claimed already; tells who has it now. */
  claim(key: string, fingerprint: string): Promise<ClaimedKey>;
  answered(key: string, answer: string): Promise<void>;
  /** Gives up a key whose request was refused, so that it can be used again. */
  release(key: string): Promise<void>;
  close(): Promise<void>;
}
