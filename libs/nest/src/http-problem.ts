import type { RefusalFacts } from '@phancong/event-sourcing';

/** What is wrong with one field of the input. */
export interface FieldError {
  /** Names joined by dots from the outside in, e.g. `results.savings` or `assignments.3.from`; empty for the whole. */
  readonly path: string;
  readonly code: string;
  readonly facts: RefusalFacts;
}

/** A request that cannot be served, in terms of HTTP. The words for it are chosen by the filter. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly facts: RefusalFacts = {},
    readonly errors: readonly FieldError[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code);
  }
}
