/** Why a refusal: the thing is not there, it contradicts what is recorded, or the command itself is not acceptable. */
export type RefusalKind = 'not-found' | 'conflict' | 'invalid';

/** Facts that a message about a refusal may name, e.g. the conflicting entry's day. Never a personal field. */
export type RefusalFacts = Readonly<Record<string, string | number>>;

/**
 * A command that the rules do not allow. Nothing of it is kept. `code` is stable and known to clients;
 * the words for it are chosen at the edge.
 */
export class Refusal<Code extends string = string> extends Error {
  readonly kind: RefusalKind;
  readonly code: Code;
  readonly facts: RefusalFacts;

  constructor(kind: RefusalKind, code: Code, facts: RefusalFacts = {}) {
    super(code);
    this.name = 'Refusal';
    this.kind = kind;
    this.code = code;
    this.facts = facts;
  }
}
