import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { MemberId, OrganisationId } from '@phancong/contracts';
import { type CommandContext, Day } from '@phancong/event-sourcing';
import { Answers, Command, CommandAnswer, commandAnswer, page, query } from '@phancong/nest';
import { z } from 'zod';
import { memberStream } from './member-event.ts';
import {
  AdmitMember,
  CorrectMember,
  Erase,
  ExemptMember,
  MemberLeaves,
  OnDay,
  TransferMember,
} from './member-input.ts';
import { MemberDetail, memberDetail, MemberList } from './member-view.ts';
import type { HandledMember } from './members.ts';
import type { Membership } from './membership.ts';
import { AsOf } from './organisation-input.ts';
import { openMember } from './personal.ts';
import { noteReading } from './personal-access.ts';
import { MEMBERSHIP } from './ports.ts';

/** `organisation`: it and all below; `q`: words of the name, accents aside, or the beginning of the code; `asOf`: today if absent. */
const ListMembers = query({
  organisation: OrganisationId.optional(),
  q: z.string().trim().min(1).max(200).optional(),
  asOf: Day.optional(),
  ...page,
});
type ListMembers = z.infer<typeof ListMembers>;

export const memberAnswer = (handled: HandledMember): CommandAnswer =>
  commandAnswer('membership', handled.member, handled);

@Controller('membership/members')
export class MembersController {
  constructor(@Inject(MEMBERSHIP) private readonly membership: Membership) {}

  @Post()
  @Answers('Admit a member to a cell', CommandAnswer, 201)
  async admit(@Body({ schema: AdmitMember }) told: AdmitMember, @Command() context: CommandContext) {
    return memberAnswer(await this.membership.members.admit(told, context));
  }

  @Post(':id/transfer')
  @Answers('Transfer a member to another cell or work unit', CommandAnswer)
  async transfer(
    @Param('id', { schema: MemberId }) id: MemberId,
    @Body({ schema: TransferMember }) told: TransferMember,
    @Command() context: CommandContext,
  ) {
    return memberAnswer(await this.membership.members.transfer(id, told, context));
  }

  @Post(':id/officialise')
  @Answers('Make a probationary member official', CommandAnswer)
  async officialise(
    @Param('id', { schema: MemberId }) id: MemberId,
    @Body({ schema: OnDay }) { on }: OnDay,
    @Command() context: CommandContext,
  ) {
    return memberAnswer(await this.membership.members.officialise(id, on, context));
  }

  @Post(':id/exempt')
  @Answers('Exempt a member from work', CommandAnswer)
  async exempt(
    @Param('id', { schema: MemberId }) id: MemberId,
    @Body({ schema: ExemptMember }) told: ExemptMember,
    @Command() context: CommandContext,
  ) {
    return memberAnswer(await this.membership.members.exempt(id, told, context));
  }

  @Post(':id/end-exemption')
  @Answers('End the exemption of a member', CommandAnswer)
  async endExemption(
    @Param('id', { schema: MemberId }) id: MemberId,
    @Body({ schema: OnDay }) { on }: OnDay,
    @Command() context: CommandContext,
  ) {
    return memberAnswer(await this.membership.members.endExemption(id, on, context));
  }

  @Post(':id/leave')
  @Answers('A member leaves', CommandAnswer)
  async leave(
    @Param('id', { schema: MemberId }) id: MemberId,
    @Body({ schema: MemberLeaves }) told: MemberLeaves,
    @Command() context: CommandContext,
  ) {
    return memberAnswer(await this.membership.members.leave(id, told, context));
  }

  @Post(':id/correct')
  @Answers('Correct what is recorded of a member; absent fields stay, null removes', CommandAnswer)
  async correct(
    @Param('id', { schema: MemberId }) id: MemberId,
    @Body({ schema: CorrectMember }) told: CorrectMember,
    @Command() context: CommandContext,
  ) {
    return memberAnswer(await this.membership.members.correct(id, told, context));
  }

  @Post(':id/erase')
  @Answers('Erase the personal fields of a member for ever; what is counted stays', CommandAnswer)
  async erase(
    @Param('id', { schema: MemberId }) id: MemberId,
    @Body({ schema: Erase }) told: Erase,
    @Command() context: CommandContext,
  ) {
    return memberAnswer(await this.membership.members.erase(id, told, context));
  }

  @Get()
  @Answers('Members on a day, in order of given names', MemberList)
  async list(@Query({ schema: ListMembers }) wanted: ListMembers, @Command() { by }: CommandContext) {
    const { asOf, ...rest } = wanted;
    const list = await this.membership.finder.list({ ...rest, on: asOf ?? this.membership.today() });
    noteReading(
      by,
      'members',
      list.items.map(({ id }) => id),
    );
    return list;
  }

  @Get(':id')
  @Answers('A member on a day, and the whole life', MemberDetail)
  async get(
    @Param('id', { schema: MemberId }) id: MemberId,
    @Query({ schema: AsOf }) { asOf }: AsOf,
    @Command() { by }: CommandContext,
  ) {
    const { state, revision } = await this.membership.members.get(id);
    const personal = await openMember(this.membership.keys, memberStream(id), state.sealed);
    if (personal) noteReading(by, 'member', [id]);
    return memberDetail(state, personal, asOf ?? this.membership.today(), revision);
  }
}
