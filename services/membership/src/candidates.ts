import { CandidateId, MemberId } from '@phancong/contracts';
import {
  type CommandContext,
  type CommandHandler,
  type CommandId,
  commandIdFrom,
  createdId,
  type Day,
  type EventId,
  eventIdOf,
  type Handled,
  KeyedQueue,
  Refusal,
} from '@phancong/event-sourcing';
import { Erased, type PersonKeys } from '@phancong/privacy';
import { type Admission, asMember, type Candidate, type CandidateCommand } from './candidate.ts';
import { candidateStream } from './candidate-event.ts';
import type { AdmitCandidate, IntroduceCandidate, WithdrawCandidate } from './candidate-input.ts';
import type { Gate } from './gate.ts';
import type { MemberCodes } from './member-codes.ts';
import type { MemberCommand } from './member-command.ts';
import { memberStream } from './member-event.ts';
import type { Erase } from './member-input.ts';
import type { Member } from './member-state.ts';
import { ORGANISATIONS } from './organisation-event.ts';
import type { OrganisationCommand } from './organisation-tree.ts';
import type { Organisations } from './organisations.ts';
import { CandidatePersonal, openCandidate, type Sealed } from './personal.ts';
import { refuseFuture } from './told-days.ts';

export interface CandidatesOptions {
  readonly candidates: CommandHandler<Candidate | undefined, CandidateCommand>;
  readonly members: CommandHandler<Member | undefined, MemberCommand>;
  readonly organisations: CommandHandler<Organisations, OrganisationCommand>;
  readonly codes: MemberCodes;
  readonly keys: PersonKeys;
  readonly gate: Gate;
  readonly today: () => Day;
}

/** The same for who gave the command and for the process that ends it. */
const admissionNoted = (admitted: EventId): CommandId => commandIdFrom('candidate-admitted', admitted);

/** What happened to a candidate, with the id. */
export interface HandledCandidate extends Handled<Candidate | undefined> {
  readonly candidate: CandidateId;
}

/** Gives commands to candidates, as `Members` does to members. */
export class Candidates {
  readonly #options: CandidatesOptions;
  readonly #queue = new KeyedQueue();

  constructor(options: CandidatesOptions) {
    this.#options = options;
  }

  introduce({ id, ...told }: IntroduceCandidate, context: CommandContext): Promise<HandledCandidate> {
    const candidate = id ?? CandidateId.parse(createdId(context.command));
    const { introducedBy, group, introducedOn: on, consentOn } = told;
    return this.#give(candidate, async () => {
      refuseFuture(this.#options.today(), { introducedOn: on, consentOn });
      const { state: introducer } = await this.#options.members.load(memberStream(introducedBy));
      const sealed = await this.#seal(candidate, { fields: CandidatePersonal.parse(told) });
      const facts = { candidate, introducedBy, introducer: introducer?.life, group, on, consentOn };
      return this.#handle(candidate, { type: 'introduce', ...facts, sealed }, context);
    });
  }

  train(candidate: CandidateId, on: Day, context: CommandContext): Promise<HandledCandidate> {
    return this.#give(candidate, async () => {
      refuseFuture(this.#options.today(), { on });
      return this.#handle(candidate, { type: 'train', on }, context);
    });
  }

  /**
   * Makes the candidate a member, then writes down that the candidate was admitted: whoever cannot become that member
   * was not admitted. When it is cut off in between, the process `membership-follow-up` ends it.
   * @throws Refusal `already-exists` when the id is that of another member
   */
  admit(candidate: CandidateId, { on, cell, code, member: wanted }: AdmitCandidate, context: CommandContext) {
    const { candidates, codes, gate, organisations, members, today } = this.#options;
    const member = wanted ?? MemberId.parse(commandIdFrom('member-of-candidate', candidate));
    const toMember = { by: context.by, command: commandIdFrom('admit-candidate', context.command) };
    const toCandidate = { ...context, command: admissionNoted(eventIdOf(toMember.command, 0)) };
    return this.#give(candidate, () =>
      gate.shared(async () => {
        refuseFuture(today(), { on });
        const { state: tree } = await organisations.load(ORGANISATIONS);
        const command = { type: 'admit', on, cell, code, member, organisations: tree } as const;
        await candidates.check(candidateStream(candidate), command, toCandidate);
        const { state: known } = await members.load(memberStream(member));
        if (known && known.candidate !== candidate) throw new Refusal('conflict', 'already-exists', { id: member });
        const sealed = await this.#sealedName(candidate, member);
        const becoming = asMember({ on, cell, code, member }, candidate, sealed, tree);
        // Who cannot be admitted takes no code.
        const check = () => members.check(memberStream(member), becoming, toMember);
        return codes.claim(code, { member, candidate }, context, check, async () => {
          await members.handle(memberStream(member), becoming, toMember);
          return this.#handle(candidate, command, toCandidate);
        });
      }),
    );
  }

  /**
   * Notes that the candidate has become a member, if that is not noted yet.
   * @param admitted id of the event by which the member was admitted
   */
  noteAdmission(candidate: CandidateId, admission: Admission, admitted: EventId, by: string) {
    const context = { by, command: admissionNoted(admitted) };
    return this.#give(candidate, () => this.#handle(candidate, { type: 'note-admission', ...admission }, context));
  }

  /** Notes why the member could not be made. */
  refuseAdmission(candidate: CandidateId, member: MemberId, refusal: string, context: CommandContext) {
    return this.#give(candidate, () => this.#handle(candidate, { type: 'refuse-admission', member, refusal }, context));
  }

  withdraw(candidate: CandidateId, { on, reason }: WithdrawCandidate, context: CommandContext) {
    return this.#give(candidate, async () => {
      refuseFuture(this.#options.today(), { on });
      await this.get(candidate);
      const sealed = await this.#seal(candidate, { reason });
      return this.#handle(candidate, { type: 'withdraw', on, sealed }, context);
    });
  }

  /** The key goes once the erasure is on disk; a process does it again if this one dies before. */
  erase(candidate: CandidateId, { reason }: Erase, context: CommandContext): Promise<HandledCandidate> {
    const { today, keys } = this.#options;
    return this.#give(candidate, async () => {
      const handled = await this.#handle(candidate, { type: 'erase', today: today(), reason }, context);
      await keys.erase(candidateStream(candidate));
      return handled;
    });
  }

  /** The candidate now. @throws Refusal `candidate-not-found` */
  async get(candidate: CandidateId): Promise<{ readonly state: Candidate; readonly revision: number }> {
    const { state, revision } = await this.#options.candidates.load(candidateStream(candidate));
    if (!state) throw new Refusal('not-found', 'candidate-not-found', { candidate });
    return { state, revision };
  }

  #give(candidate: CandidateId, work: () => Promise<HandledCandidate>): Promise<HandledCandidate> {
    return this.#queue.run(candidateStream(candidate), work);
  }

  async #handle(candidate: CandidateId, command: CandidateCommand, context: CommandContext): Promise<HandledCandidate> {
    return { candidate, ...(await this.#options.candidates.handle(candidateStream(candidate), command, context)) };
  }

  /** The name of the candidate under the key of the member. */
  async #sealedName(candidate: CandidateId, member: MemberId): Promise<string> {
    const { keys } = this.#options;
    const person = await openCandidate(keys, candidateStream(candidate), (await this.get(candidate)).state.sealed);
    if (!person) throw new Refusal('conflict', 'candidate-erased', { candidate });
    return keys.seal(memberStream(member), { fields: { name: person.name } });
  }

  async #seal(candidate: CandidateId, sealed: Sealed): Promise<string> {
    try {
      return await this.#options.keys.seal(candidateStream(candidate), sealed);
    } catch (error) {
      if (error instanceof Erased) throw new Refusal('conflict', 'candidate-erased', { candidate });
      throw error;
    }
  }
}
