/**
 * A server on which this process keeps something could not be reached, or did not answer in time. Nothing is wrong with
 * what was asked; whether something was written is unknown. Whatever adapter it is thrown by extends it.
 */
export class Unavailable extends Error {
  override readonly name: string = 'Unavailable';
  /** Waiting helps: a feed tries again instead of giving a message up. */
  readonly transient = true;
}
