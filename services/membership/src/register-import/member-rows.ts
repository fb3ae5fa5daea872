import type { MemberId } from '@phancong/contracts';
import { type CommandContext, type CommandHandler, type Day, type Position, Refusal } from '@phancong/event-sourcing';
import { Erased, type PersonKeys } from '@phancong/privacy';
import type { Gate } from '../gate.ts';
import type { MemberCodes } from '../member-codes.ts';
import type { MemberCommand } from '../member-command.ts';
import { memberStream } from '../member-event.ts';
import type { Member } from '../member-state.ts';
import { ORGANISATIONS } from '../organisation-event.ts';
import type { OrganisationCommand } from '../organisation-tree.ts';
import type { Organisations } from '../organisations.ts';
import { Personal, PersonalChanges, type Sealed } from '../personal.ts';
import type { AcceptedRow } from './import-plan.ts';

export interface MemberRowsOptions {
  readonly members: CommandHandler<Member | undefined, MemberCommand | readonly MemberCommand[]>;
  readonly organisations: CommandHandler<Organisations, OrganisationCommand>;
  readonly codes: MemberCodes;
  readonly keys: PersonKeys;
  readonly gate: Gate;
  readonly today: () => Day;
}

/** Gives the members what the rows of a register tell, each row as one: all that it tells is written down, or nothing. */
export class MemberRows {
  readonly #options: MemberRowsOptions;

  constructor(options: MemberRowsOptions) {
    this.#options = options;
  }

  /** Decides as `take` does, and writes nothing, no key either. @throws Refusal as `take` would now */
  async check(row: AcceptedRow, context: CommandContext): Promise<void> {
    const { members, codes } = this.#options;
    await members.check(memberStream(row.id), await this.#commands(row, ''), context);
    const { code } = row;
    if (code !== undefined) await codes.check(code, { member: row.id });
  }

  /** One append, which may be repeated with the same context. @throws Refusal of the first part that may not happen */
  take(row: AcceptedRow, context: CommandContext): Promise<Position> {
    const { members, codes, gate } = this.#options;
    const { id, code } = row;
    return gate.shared(async () => {
      // Who is refused gets no key, and takes no code.
      const check = async () => members.check(memberStream(id), await this.#commands(row, ''), context);
      await check();
      const commands = await this.#commands(row, await this.#seal(row));
      const work = async () => (await members.handle(memberStream(id), commands, context)).position;
      return code === undefined ? work() : codes.claim(code, { member: id }, context, check, work);
    });
  }

  async #commands(row: AcceptedRow, sealed: string): Promise<readonly MemberCommand[]> {
    const { state: organisations } = await this.#options.organisations.load(ORGANISATIONS);
    const { id: member, organisation: cell, code } = row;
    switch (row.outcome) {
      case 'admit': {
        const { admittedOn, officialOn, workUnit, expertise, left } = row.member;
        const standing = officialOn === undefined ? 'probationary' : 'official';
        const life = { member, code: row.code, cell, standing, admittedOn, officialOn, workUnit, expertise } as const;
        return [
          { type: 'admit', ...life, from: row.from, sealed, organisations },
          ...(left ? [{ type: 'leave', ...left } as const] : []),
        ];
      }
      case 'change': {
        const { corrections, officialisedOn, transfer, left } = row.change;
        const { admittedOn, officialOn, from, workUnit, expertise } = corrections;
        const life = { code, admittedOn, officialOn, from, workUnit, expertise };
        const correct = { type: 'correct', today: this.#options.today(), life, sealed, organisations } as const;
        return [
          ...(Object.keys(corrections).length > 0 ? [correct] : []),
          ...(officialisedOn === undefined ? [] : [{ type: 'officialise', on: officialisedOn } as const]),
          ...(transfer ? [{ type: 'transfer', ...transfer, organisations } as const] : []),
          ...(left ? [{ type: 'leave', ...left } as const] : []),
        ];
      }
    }
  }

  /** What is personal in the row, encrypted; nothing when only the life changes. */
  async #seal(row: AcceptedRow): Promise<string> {
    switch (row.outcome) {
      case 'admit':
        return this.#sealed(row.id, { fields: Personal.parse(row.member) });
      case 'change':
        return Object.keys(row.change.corrections).length === 0
          ? ''
          : this.#sealed(row.id, { fields: PersonalChanges.parse(row.change.corrections), reason: REASON });
    }
  }

  async #sealed(member: MemberId, sealed: Sealed): Promise<string> {
    try {
      return await this.#options.keys.seal(memberStream(member), sealed);
    } catch (error) {
      if (error instanceof Erased) throw new Refusal('conflict', 'member-erased', { member });
      throw error;
    }
  }
}

/** Why a correction was made, in the words of who reads the member's history. */
const REASON = 'Theo sổ danh sách đảng viên được nhập';
