/** One AES-256-GCM key per person, kept apart from the log. Destroying it makes all that it encrypted unreadable for ever. */
export interface PersonKeys {
  /**
   * Encrypts a person's fields (JSON values); makes the person's key on first use. The promise resolves when the key
   * is on disk, so that nothing sealed outlives it. First uses that arrive together share one transaction: seal many
   * people side by side, not one after the other.
   * @returns text for the log: version, nonce, ciphertext and tag
   * @throws Erased when the person's key was destroyed
   * @throws StoreFull | StoreClosed
   */
  seal(person: string, fields: Readonly<Record<string, unknown>>): Promise<string>;
  /**
   * The fields, or `undefined` when the person was erased.
   * @throws NotAuthentic when the text was changed or sealed for someone else
   * @throws UnknownPerson when the person never had a key here
   */
  open(person: string, sealed: string): Promise<Record<string, unknown> | undefined>;
  /**
   * Destroys the key, and overwrites where it stood. Doing it twice is the same.
   * @throws KeyNotDestroyed | StoreClosed
   */
  erase(person: string): Promise<void>;
  close(): Promise<void>;
}

/** The person was erased: nothing more can be written of them. */
export class Erased extends Error {
  override readonly name = 'Erased';
}

/** The key, or a copy of it, is still in the file (the disk is full, or someone reads the file): erase again. */
export class KeyNotDestroyed extends Error {
  override readonly name = 'KeyNotDestroyed';
  /** Waiting helps. */
  readonly transient = true;
}

/** The person never had a key here: the keys are not those of this log. */
export class UnknownPerson extends Error {
  override readonly name = 'UnknownPerson';
}
