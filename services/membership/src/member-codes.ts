import type { MemberId } from '@phancong/contracts';
import {
  type CommandContext,
  type CommandHandler,
  commandIdFrom,
  type Day,
  KeyedQueue,
  Refusal,
} from '@phancong/event-sourcing';
import { type Candidate, type CandidateCommand } from './candidate.ts';
import { candidateStream } from './candidate-event.ts';
import { type ClaimMemberCode, type CodeHolder, memberCodeStream } from './member-code.ts';
import type { MemberCommand } from './member-command.ts';
import { memberStream } from './member-event.ts';
import type { Member } from './member-state.ts';

export interface MemberCodesOptions {
  readonly codes: CommandHandler<CodeHolder | undefined, ClaimMemberCode>;
  readonly members: CommandHandler<Member | undefined, MemberCommand>;
  readonly candidates: CommandHandler<Candidate | undefined, CandidateCommand>;
  readonly today: () => Day;
}

/** One code, one member: codes are claimed before the member carries them. */
export class MemberCodes {
  readonly #queue = new KeyedQueue();
  readonly #options: MemberCodesOptions;

  constructor(options: MemberCodesOptions) {
    this.#options = options;
  }

  /**
   * Claims the code, then does the work that makes its holder carry it; nobody else claims it meanwhile.
   * A claim counts only while its holder carries the code, so that a work that fails blocks nobody.
   * @throws Refusal `member-code-taken`
   */
  claim<Result>(code: string, holder: CodeHolder, context: CommandContext, work: () => Promise<Result>) {
    const stream = memberCodeStream(code);
    const { codes, today } = this.#options;
    const { member, candidate } = holder;
    const give = (lapsed?: MemberId) =>
      codes.handle(
        stream,
        { code, member, candidate, today: today(), lapsed },
        { by: context.by, command: commandIdFrom('claim-code', context.command, stream) },
      );
    return this.#queue.run(stream, async () => {
      try {
        await give();
      } catch (error) {
        const { state: held } = await codes.load(stream);
        if (!(error instanceof Refusal) || !held || (await this.#carries(held, code))) throw error;
        await give(held.member);
      }
      return work();
    });
  }

  /** @throws Refusal `member-code-taken` as `claim` would now */
  async check(code: string, { member }: CodeHolder): Promise<void> {
    const { state: held } = await this.#options.codes.load(memberCodeStream(code));
    if (held && held.member !== member && (await this.#carries(held, code))) {
      throw new Refusal('conflict', 'member-code-taken', { code });
    }
  }

  async #carries({ member, candidate }: CodeHolder, code: string): Promise<boolean> {
    const { members, candidates } = this.#options;
    const { state: known } = await members.load(memberStream(member));
    if (known) return memberCodeStream(known.life.code) === memberCodeStream(code);
    if (candidate === undefined) return false;
    const { state } = await candidates.load(candidateStream(candidate));
    return state?.admission?.member === member && state.admission.refusal === undefined;
  }
}
