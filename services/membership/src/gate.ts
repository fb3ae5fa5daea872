/** Lets many pass side by side, or one alone: nobody comes into a cell while it is being closed. */
export class Gate {
  readonly #inside = new Set<Promise<unknown>>();
  #closed: Promise<unknown> | undefined;

  async shared<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#closed) await this.#closed;
    const running = work();
    this.#inside.add(running);
    try {
      return await running;
    } finally {
      this.#inside.delete(running);
    }
  }

  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    while (this.#closed) await this.#closed;
    const result = Promise.allSettled(this.#inside).then(work);
    const closed = result.then(
      () => undefined,
      () => undefined,
    );
    this.#closed = closed;
    await closed;
    this.#closed = undefined;
    return result;
  }
}
