import {
  type Claims,
  type CommandContext,
  type CommandHandler,
  type Day,
  type Naming,
  Refusal,
} from '@phancong/event-sourcing';
import { type Candidate, type CandidateCommand } from './candidate.ts';
import { candidateStream } from './candidate-event.ts';
import { type CodeHolder, type MemberCodeEvent, memberCodeStream } from './member-code.ts';
import type { MemberCommand } from './member-command.ts';
import { memberStream } from './member-event.ts';
import type { Member } from './member-state.ts';

export interface MemberCodesOptions {
  readonly claims: Claims<MemberCodeEvent>;
  readonly members: CommandHandler<Member | undefined, MemberCommand>;
  readonly candidates: CommandHandler<Candidate | undefined, CandidateCommand>;
  readonly today: () => Day;
}

/** One code, one member: codes are claimed before the member carries them. */
export class MemberCodes {
  readonly #options: MemberCodesOptions;

  constructor(options: MemberCodesOptions) {
    this.#options = options;
  }

  /**
   * Claims the code, then does the work that makes its holder carry it; nobody else claims it meanwhile.
   * @param check throws what the work would be refused with now
   * @throws Refusal `member-code-taken` | `check`’s
   */
  claim<Result>(
    code: string,
    holder: CodeHolder,
    context: CommandContext,
    check: () => Promise<void>,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const thing = memberStream(holder.member);
    return this.#options.claims.claim({ ...this.#naming(code, holder), thing, check }, context, work);
  }

  /** @throws Refusal `member-code-taken` as `claim` would now */
  check(code: string, holder: CodeHolder): Promise<void> {
    return this.#options.claims.mustBeFree(this.#naming(code, holder));
  }

  #naming(code: string, { member, candidate }: CodeHolder): Omit<Naming<MemberCodeEvent>, 'thing' | 'check'> {
    return {
      stream: memberCodeStream(code),
      claim: { type: 'MemberCodeClaimed', occurredAt: this.#options.today(), code, member, candidate },
      carries: (holder) => this.#carries(holder, code),
      taken: () => new Refusal('conflict', 'member-code-taken', { code }),
    };
  }

  async #carries({ member, candidate }: CodeHolder, code: string): Promise<boolean> {
    const { members, candidates } = this.#options;
    const { state: known } = await members.load(memberStream(member));
    if (known) return memberCodeStream(known.life.code) === memberCodeStream(code);
    if (candidate === undefined) return false;
    const { state } = await candidates.load(candidateStream(candidate));
    const admission = state?.admission;
    if (admission?.member !== member || admission.refusal !== undefined) return false;
    return memberCodeStream(admission.code) === memberCodeStream(code);
  }
}
