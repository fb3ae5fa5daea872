/**
 * Something that all who need it in one turn of the event loop share: the first of them begins it, and it ends with the
 * turn, or earlier if it must.
 */
export class SharedTurn {
  readonly #begin: () => void;
  readonly #end: () => void;
  #begun = false;

  constructor(begin: () => void, end: () => void) {
    this.#begin = begin;
    this.#end = end;
  }

  /** Begins it unless that is done already. */
  join(): void {
    if (this.#begun) return;
    this.#begin();
    this.#begun = true;
    setImmediate(() => this.finish());
  }

  /** Ends it now if it was begun; who joins afterwards begins anew. */
  finish(): void {
    if (!this.#begun) return;
    this.#begun = false;
    this.#end();
  }
}
