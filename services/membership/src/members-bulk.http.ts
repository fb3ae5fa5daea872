import { Body, Controller, Headers, Inject, Post } from '@nestjs/common';
import { type CommandContext, commandIdFrom } from '@phancong/event-sourcing';
import { Answers, BulkAnswer, bulkAnswer, Command } from '@phancong/nest';
import {
  AdmitMembers,
  CorrectMembers,
  ExemptMembers,
  MembersLeave,
  OfficialiseMembers,
  TransferMembers,
} from './member-input.ts';
import type { HandledMember, Members } from './members.ts';
import { memberAnswer } from './members.http.ts';
import type { Membership } from './membership.ts';
import { messages } from './messages.ts';
import { MEMBERSHIP } from './ports.ts';

/**
 * Commands given together: each is accepted or refused by itself. They run side by side and share commits of the
 * store; those to one member keep their order.
 */
@Controller('membership/members')
export class MembersBulkController {
  readonly #members: Members;

  constructor(@Inject(MEMBERSHIP) { members }: Membership) {
    this.#members = members;
  }

  @Post('bulk')
  @Answers('Admit members, each by itself', BulkAnswer)
  admit(
    @Body({ schema: AdmitMembers }) { members }: AdmitMembers,
    @Command() context: CommandContext,
    @Headers('accept-language') language: string | undefined,
  ) {
    return all('bulk', members, context, language, (told, each) => this.#members.admit(told, each));
  }

  @Post('bulk-transfer')
  @Answers('Transfer members, each by itself', BulkAnswer)
  transfer(
    @Body({ schema: TransferMembers }) { items }: TransferMembers,
    @Command() context: CommandContext,
    @Headers('accept-language') language: string | undefined,
  ) {
    return all('bulk-transfer', items, context, language, ({ id, ...told }, each) =>
      this.#members.transfer(id, told, each),
    );
  }

  @Post('bulk-officialise')
  @Answers('Make members official, each by itself', BulkAnswer)
  officialise(
    @Body({ schema: OfficialiseMembers }) { items }: OfficialiseMembers,
    @Command() context: CommandContext,
    @Headers('accept-language') language: string | undefined,
  ) {
    return all('bulk-officialise', items, context, language, ({ id, on }, each) =>
      this.#members.officialise(id, on, each),
    );
  }

  @Post('bulk-exempt')
  @Answers('Exempt members from work, each by itself', BulkAnswer)
  exempt(
    @Body({ schema: ExemptMembers }) { items }: ExemptMembers,
    @Command() context: CommandContext,
    @Headers('accept-language') language: string | undefined,
  ) {
    return all('bulk-exempt', items, context, language, ({ id, ...told }, each) =>
      this.#members.exempt(id, told, each),
    );
  }

  @Post('bulk-leave')
  @Answers('Members leave, each by itself', BulkAnswer)
  leave(
    @Body({ schema: MembersLeave }) { items }: MembersLeave,
    @Command() context: CommandContext,
    @Headers('accept-language') language: string | undefined,
  ) {
    return all('bulk-leave', items, context, language, ({ id, ...told }, each) => this.#members.leave(id, told, each));
  }

  @Post('bulk-correct')
  @Answers('Correct what is recorded of members, each by itself', BulkAnswer)
  correct(
    @Body({ schema: CorrectMembers }) { items }: CorrectMembers,
    @Command() context: CommandContext,
    @Headers('accept-language') language: string | undefined,
  ) {
    return all('bulk-correct', items, context, language, ({ id, ...told }, each) =>
      this.#members.correct(id, told, each),
    );
  }
}

async function all<Item>(
  route: string,
  items: readonly Item[],
  { by, command }: CommandContext,
  acceptLanguage: string | undefined,
  give: (item: Item, context: CommandContext) => Promise<HandledMember>,
): Promise<BulkAnswer> {
  const outcomes = await Promise.allSettled(
    items.map(async (item, index) =>
      memberAnswer(await give(item, { by, command: commandIdFrom(command, `${index}`) })),
    ),
  );
  const instance = `/membership/members/${route}`;
  return bulkAnswer(outcomes, { source: 'membership', messages, acceptLanguage, instance });
}
