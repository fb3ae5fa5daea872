import { type CandidateId, MemberId, successorOn } from '@phancong/contracts';
import {
  type CommandContext,
  type CommandHandler,
  createdId,
  type Day,
  type Handled,
  KeyedQueue,
  Refusal,
} from '@phancong/event-sourcing';
import { Erased, type PersonKeys } from '@phancong/privacy';
import { type Admission, asMember } from './candidate.ts';
import type { Gate } from './gate.ts';
import type { MemberCodes } from './member-codes.ts';
import type { MemberCommand } from './member-command.ts';
import { memberStream } from './member-event.ts';
import type { AdmitMember, CorrectMember, Erase, ExemptMember, MemberLeaves, TransferMember } from './member-input.ts';
import type { Member } from './member-state.ts';
import { ORGANISATIONS } from './organisation-event.ts';
import type { OrganisationCommand } from './organisation-tree.ts';
import type { Organisations } from './organisations.ts';
import { openMember, Personal, PersonalChanges, type Sealed } from './personal.ts';
import { refuseBeforeBirth, refuseFuture } from './told-days.ts';

export interface MembersOptions {
  readonly members: CommandHandler<Member | undefined, MemberCommand>;
  readonly organisations: CommandHandler<Organisations, OrganisationCommand>;
  readonly codes: MemberCodes;
  readonly keys: PersonKeys;
  readonly gate: Gate;
  readonly today: () => Day;
}

/** What happened to a member, with the id. */
export interface HandledMember extends Handled<Member | undefined> {
  readonly member: MemberId;
}

/**
 * Gives commands to members: encrypts what is personal, looks up what the rules need.
 * Commands to one member are handled in the order in which they were given; those to several share commits.
 */
export class Members {
  readonly #options: MembersOptions;
  readonly #queue = new KeyedQueue();

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  admit({ id, ...told }: AdmitMember, context: CommandContext): Promise<HandledMember> {
    const member = id ?? MemberId.parse(createdId(context.command));
    const { code, cell, standing, admittedOn, officialOn, workUnit, expertise, from, birthDate } = told;
    return this.#give(member, async () => {
      refuseFuture(this.#options.today(), { birthDate, admittedOn, officialOn, from });
      refuseBeforeBirth(birthDate, admittedOn);
      const sealed = await this.#seal(member, { fields: Personal.parse(told) });
      const life = { code, cell, standing, admittedOn, officialOn, workUnit, expertise, from };
      const organisations = await this.#organisations();
      const command = { type: 'admit', member, ...life, sealed, organisations } as const;
      // Who cannot be admitted takes no code.
      const check = () => this.#options.members.check(memberStream(member), command, context);
      const work = () => this.#handle(member, command, context);
      return this.#options.codes.claim(code, { member }, context, check, work);
    });
  }

  /** Makes the member that a candidate was admitted as before there was one; its code is claimed already. */
  admitCandidate(admission: Admission, candidate: CandidateId, name: string, context: CommandContext) {
    const { member, on } = admission;
    return this.#give(member, async () => {
      const sealed = await this.#seal(member, { fields: { name } });
      const organisations = await this.#organisations();
      // The cell may have been merged since it was decided.
      const cell = successorOn(organisations.tree, admission.cell, on);
      return this.#handle(member, asMember({ ...admission, cell }, candidate, sealed, organisations), context);
    });
  }

  transfer(member: MemberId, told: TransferMember, context: CommandContext): Promise<HandledMember> {
    return this.#give(member, async () => {
      refuseFuture(this.#options.today(), { on: told.on });
      await this.#known(told.successor);
      const organisations = await this.#organisations();
      return this.#handle(member, { type: 'transfer', ...told, organisations }, context);
    });
  }

  officialise(member: MemberId, on: Day, context: CommandContext): Promise<HandledMember> {
    return this.#give(member, async () => {
      refuseFuture(this.#options.today(), { on });
      return this.#handle(member, { type: 'officialise', on }, context);
    });
  }

  exempt(member: MemberId, { from, until, reason }: ExemptMember, context: CommandContext): Promise<HandledMember> {
    return this.#give(member, async () => {
      refuseFuture(this.#options.today(), { from });
      await this.#known(member);
      const sealed = await this.#seal(member, { reason });
      return this.#handle(member, { type: 'exempt', from, until, sealed }, context);
    });
  }

  endExemption(member: MemberId, on: Day, context: CommandContext): Promise<HandledMember> {
    return this.#give(member, async () => {
      refuseFuture(this.#options.today(), { on });
      return this.#handle(member, { type: 'end-exemption', on }, context);
    });
  }

  leave(member: MemberId, told: MemberLeaves, context: CommandContext): Promise<HandledMember> {
    return this.#give(member, async () => {
      refuseFuture(this.#options.today(), { on: told.on });
      await this.#known(told.successor);
      return this.#handle(member, { type: 'leave', ...told }, context);
    });
  }

  correct(member: MemberId, told: CorrectMember, context: CommandContext): Promise<HandledMember> {
    const { code, cell, from, standing, admittedOn, officialOn, workUnit, expertise, reason } = told;
    const life = { code, cell, from, standing, admittedOn, officialOn, workUnit, expertise };
    const { today, codes, members } = this.#options;
    return this.#give(member, async () => {
      refuseFuture(today(), { birthDate: told.birthDate, admittedOn, officialOn, from });
      await this.#known(member);
      await this.#refuseBeforeBirth(member, told);
      const sealed = await this.#seal(member, { fields: PersonalChanges.parse(told), reason });
      const organisations = await this.#organisations();
      const command = { type: 'correct', today: today(), life, sealed, organisations } as const;
      const work = () => this.#handle(member, command, context);
      if (code === undefined) return work();
      const check = () => members.check(memberStream(member), command, context);
      return codes.claim(code, { member }, context, check, work);
    });
  }

  /** The key goes once the erasure is on disk; a process does it again if this one dies before. */
  erase(member: MemberId, { reason }: Erase, context: CommandContext): Promise<HandledMember> {
    const { today, keys } = this.#options;
    return this.#give(member, async () => {
      const handled = await this.#handle(member, { type: 'erase', today: today(), reason }, context);
      await keys.erase(memberStream(member));
      return handled;
    });
  }

  /** Takes the member to what a merged cell has become. */
  follow(member: MemberId, context: CommandContext): Promise<HandledMember> {
    return this.#give(member, async () =>
      this.#handle(member, { type: 'follow', organisations: await this.#organisations() }, context),
    );
  }

  /** The member now. @throws Refusal `member-not-found` */
  async get(member: MemberId): Promise<{ readonly state: Member; readonly revision: number }> {
    const { state, revision } = await this.#options.members.load(memberStream(member));
    if (!state) throw new Refusal('not-found', 'member-not-found', { member });
    return { state, revision };
  }

  async exists(member: MemberId): Promise<boolean> {
    return (await this.#options.members.load(memberStream(member))).state !== undefined;
  }

  #give(member: MemberId, work: () => Promise<HandledMember>): Promise<HandledMember> {
    return this.#queue.run(memberStream(member), () => this.#options.gate.shared(work));
  }

  async #organisations(): Promise<Organisations> {
    return (await this.#options.organisations.load(ORGANISATIONS)).state;
  }

  async #handle(member: MemberId, command: MemberCommand, context: CommandContext): Promise<HandledMember> {
    return { member, ...(await this.#options.members.handle(memberStream(member), command, context)) };
  }

  async #seal(member: MemberId, sealed: Sealed): Promise<string> {
    try {
      return await this.#options.keys.seal(memberStream(member), sealed);
    } catch (error) {
      if (error instanceof Erased) throw new Refusal('conflict', 'member-erased', { member });
      throw error;
    }
  }

  async #refuseBeforeBirth(member: MemberId, told: Pick<CorrectMember, 'birthDate' | 'admittedOn'>): Promise<void> {
    if (told.birthDate === undefined && told.admittedOn === undefined) return;
    const { life, sealed } = (await this.get(member)).state;
    const person = await openMember(this.#options.keys, memberStream(member), sealed);
    const { birthDate = person?.birthDate, admittedOn = life.admittedOn } = told;
    refuseBeforeBirth(birthDate, admittedOn);
  }

  /** Nobody gets a key who is no member. */
  async #known(member: MemberId | undefined): Promise<void> {
    if (member === undefined) return;
    const { state } = await this.#options.members.load(memberStream(member));
    if (!state) throw new Refusal('not-found', 'member-not-found', { member });
  }
}
