import { Body, Controller, Get, Headers, Inject, Param, Post, Query } from '@nestjs/common';
import { OrganisationId } from '@phancong/contracts';
import { type CommandContext, commandIdFrom, createdId } from '@phancong/event-sourcing';
import { Answers, BulkAnswer, bulkAnswer, Command, CommandAnswer, commandAnswer } from '@phancong/nest';
import { OnDay } from './member-input.ts';
import type { Membership } from './membership.ts';
import { messages } from './messages.ts';
import type { HandledOrganisation } from './organisation-desk.ts';
import {
  AsOf,
  ListOrganisations,
  MergeOrganisation,
  MoveOrganisation,
  RegisterOrganisation,
  RegisterOrganisations,
  RenameOrganisation,
} from './organisation-input.ts';
import type { OrganisationCommand } from './organisation-tree.ts';
import { detailOf, listOf, OrganisationDetail, OrganisationList } from './organisation-view.ts';
import { MEMBERSHIP } from './ports.ts';

const answer = (handled: HandledOrganisation): CommandAnswer =>
  commandAnswer('membership', handled.organisation, handled);

@Controller('membership/organisations')
export class OrganisationsController {
  constructor(@Inject(MEMBERSHIP) private readonly membership: Membership) {}

  @Post()
  @Answers('Register an organisation from its first day', CommandAnswer, 201)
  async register(
    @Body({ schema: RegisterOrganisation }) told: RegisterOrganisation,
    @Command() context: CommandContext,
  ): Promise<CommandAnswer> {
    return this.#register(told, context);
  }

  @Post('bulk')
  @Answers('Register organisations, in this order, each by itself', BulkAnswer)
  async registerAll(
    @Body({ schema: RegisterOrganisations }) { organisations }: RegisterOrganisations,
    @Command() { by, command }: CommandContext,
    @Headers('accept-language') acceptLanguage: string | undefined,
  ): Promise<BulkAnswer> {
    const outcomes = await Promise.allSettled(
      organisations.map((told, index) => this.#register(told, { by, command: commandIdFrom(command, String(index)) })),
    );
    const instance = '/membership/organisations/bulk';
    return bulkAnswer(outcomes, { source: 'membership', messages, acceptLanguage, instance });
  }

  @Post(':id/rename')
  @Answers('Rename an organisation from a day on', CommandAnswer)
  async rename(
    @Param('id', { schema: OrganisationId }) id: OrganisationId,
    @Body({ schema: RenameOrganisation }) told: RenameOrganisation,
    @Command() context: CommandContext,
  ): Promise<CommandAnswer> {
    return this.#handle({ type: 'rename', organisation: id, ...told, ifRevision: context.ifRevision }, context);
  }

  @Post(':id/move')
  @Answers('Put an organisation under another from a day on', CommandAnswer)
  async move(
    @Param('id', { schema: OrganisationId }) id: OrganisationId,
    @Body({ schema: MoveOrganisation }) told: MoveOrganisation,
    @Command() context: CommandContext,
  ): Promise<CommandAnswer> {
    return this.#handle({ type: 'move', organisation: id, ...told, ifRevision: context.ifRevision }, context);
  }

  @Post(':id/merge')
  @Answers('Merge an organisation into another: its members and parts go there', CommandAnswer)
  async merge(
    @Param('id', { schema: OrganisationId }) id: OrganisationId,
    @Body({ schema: MergeOrganisation }) told: MergeOrganisation,
    @Command() context: CommandContext,
  ): Promise<CommandAnswer> {
    return this.#handle({ type: 'merge', organisation: id, ...told, ifRevision: context.ifRevision }, context);
  }

  @Post(':id/dissolve')
  @Answers('Dissolve an organisation that has no members and no parts', CommandAnswer)
  async dissolve(
    @Param('id', { schema: OrganisationId }) id: OrganisationId,
    @Body({ schema: OnDay }) { on }: OnDay,
    @Command() context: CommandContext,
  ): Promise<CommandAnswer> {
    const { ifRevision } = context;
    return answer(await this.membership.organisations.dissolve({ organisation: id, on, ifRevision }, context));
  }

  @Get()
  @Answers('Organisations that are there on a day, by code', OrganisationList)
  async list(@Query({ schema: ListOrganisations }) wanted: ListOrganisations) {
    const { tree } = await this.membership.organisations.all();
    if (wanted.parent !== undefined) await this.membership.organisations.get(wanted.parent);
    return listOf(tree, wanted, wanted.asOf ?? this.membership.today());
  }

  @Get(':id')
  @Answers('An organisation on a day, and its history', OrganisationDetail)
  async get(
    @Param('id', { schema: OrganisationId }) id: OrganisationId,
    @Query({ schema: AsOf }) { asOf }: AsOf,
  ): Promise<OrganisationDetail> {
    const { state, known, revision } = await this.membership.organisations.get(id);
    return detailOf(state.tree, known, asOf ?? this.membership.today(), revision);
  }

  #register({ id, from, ...told }: RegisterOrganisation, context: CommandContext): Promise<CommandAnswer> {
    const organisation = id ?? OrganisationId.parse(createdId(context.command));
    const { ifRevision } = context;
    return this.#handle({ type: 'register', organisation, ...told, on: from, ifRevision }, context);
  }

  async #handle(command: OrganisationCommand, context: CommandContext): Promise<CommandAnswer> {
    return answer(await this.membership.organisations.handle(command, context));
  }
}
