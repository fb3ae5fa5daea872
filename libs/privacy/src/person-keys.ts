/** One AES-256-GCM key per person, kept apart from the log. Destroying it makes all that it encrypted unreadable for ever. */
export interface PersonKeys {
  /**
   * Encrypts a person's fields; makes the person's key on first use.
   * @returns text for the log: version, nonce, ciphertext and tag
   * @throws Erased when the person's key was destroyed
   */
  seal(person: string, fields: Readonly<Record<string, unknown>>): Promise<string>;
  /** The fields, or `undefined` when the person was erased. */
  open(person: string, sealed: string): Promise<Record<string, unknown> | undefined>;
  /** Destroys the key, and overwrites where it stood. Doing it twice is the same. */
  erase(person: string): Promise<void>;
  close(): Promise<void>;
}

/** The person was erased: nothing more can be written of them. */
export class Erased extends Error {
  override readonly name = 'Erased';
}
