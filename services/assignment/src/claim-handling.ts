import { type CommandContext, type CommandHandler, commandIdFrom, KeyedQueue } from '@phancong/event-sourcing';
import type { ClaimCommand, ClaimEvent } from './claim.ts';

export interface Claiming {
  readonly stream: string;
  readonly claim: ClaimEvent;
  /** Throws when the command that makes the owner would be refused: a refused command leaves no claim. */
  readonly attempt: () => Promise<void>;
  /** Whether that owner has come to be. */
  readonly isThere: (owner: string) => Promise<boolean>;
}

/**
 * Names that only one thing may have: each is claimed before its owner is made, and nobody else claims it meanwhile.
 * A claim counts only when its owner has come to be, so that one who did not (the process died, the disk was full)
 * blocks nobody.
 */
export class Claims {
  readonly #queue = new KeyedQueue();
  readonly #claims: CommandHandler<string | undefined, ClaimCommand>;

  constructor(claims: CommandHandler<string | undefined, ClaimCommand>) {
    this.#claims = claims;
  }

  /**
   * Claims the name, then does the work that makes its owner. A claim that the owner has already may be a retry's.
   * @throws Refusal of the claim or of `attempt`
   */
  claim<Result>(
    { stream, claim, attempt, isThere }: Claiming,
    { by, command }: CommandContext,
    work: () => Promise<Result>,
  ): Promise<Result> {
    return this.#queue.run(stream, async () => {
      const { state: owner } = await this.#claims.load(stream);
      if (owner === claim.owner) return work();
      const lapsed = owner !== undefined && !(await isThere(owner)) ? owner : undefined;
      if (lapsed === owner) await attempt();
      const seed = lapsed === undefined ? [command] : [command, lapsed];
      await this.#claims.handle(stream, { ...claim, lapsed }, { by, command: commandIdFrom('claim', ...seed) });
      return work();
    });
  }
}
