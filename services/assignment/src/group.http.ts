import { Body, Controller, Get, Headers, Inject, Param, Post, Query } from '@nestjs/common';
import { existsOn, GroupId, GroupKind, OrganisationId } from '@phancong/contracts';
import {
  type Claims,
  type CommandContext,
  type CommandHandler,
  commandIdFrom,
  createdId,
  Day,
  Refusal,
} from '@phancong/event-sourcing';
import {
  Answers,
  body,
  BulkAnswer,
  bulkAnswer,
  Code,
  Command,
  CommandAnswer,
  commandAnswer,
  nameOf,
  page,
  query,
} from '@phancong/nest';
import { z } from 'zod';
import { type ClaimEvent, groupCodeStream } from './claim.ts';
import { type Group, type GroupCommand, groupStream } from './group.ts';
import { firstPage, keyAt } from './keyset.ts';
import type { Lists } from './lists.ts';
import { messages } from './messages.ts';
import { CLAIMS, GROUPS, KNOWN_MEMBERS, LISTS, TODAY } from './ports.ts';
import type { KnownMembers } from './roster/known-members.ts';
import { GroupView, groupView } from './views.ts';

const text = (max: number) => z.string().trim().min(1).max(max);
const Headcount = z.int().min(0).max(10_000_000);
const form = {
  id: GroupId.optional(),
  code: Code,
  name: nameOf(300),
  kind: GroupKind,
  organisation: OrganisationId,
  workUnit: text(200).optional(),
  neighbourhood: text(200).optional(),
  headcount: Headcount,
  from: Day,
};
const FormInput = body(form);
type FormInput = z.infer<typeof FormInput>;
const FormAllInput = body({ groups: z.array(z.strictObject(form)).min(1).max(5_000) });
type FormAllInput = z.infer<typeof FormAllInput>;
const RecountInput = body({ headcount: Headcount, on: Day });
type RecountInput = z.infer<typeof RecountInput>;
const CloseInput = body({ on: Day });
type CloseInput = z.infer<typeof CloseInput>;
const ListQuery = query({ organisation: OrganisationId.optional(), asOf: Day.optional(), ...page });
type ListQuery = z.infer<typeof ListQuery>;
const GetQuery = query({ asOf: Day.optional() });
type GetQuery = z.infer<typeof GetQuery>;

const OneGroup = GroupView.extend({ revision: z.int() });
const GroupPage = z.object({ items: z.array(GroupView), next: z.string().optional() });

@Controller('assignment/groups')
export class GroupController {
  constructor(
    @Inject(GROUPS) private readonly groups: CommandHandler<Group | undefined, GroupCommand>,
    @Inject(CLAIMS) private readonly claims: Claims<ClaimEvent>,
    @Inject(KNOWN_MEMBERS) private readonly members: KnownMembers,
    @Inject(LISTS) private readonly lists: Lists,
    @Inject(TODAY) private readonly today: () => Day,
  ) {}

  @Post()
  @Answers('Forms a group of people to be reached', CommandAnswer, 201)
  form(@Body({ schema: FormInput }) input: FormInput, @Command() context: CommandContext): Promise<CommandAnswer> {
    return this.#form(input, context);
  }

  @Post('bulk')
  @Answers('Forms groups, each by itself', BulkAnswer)
  async formAll(
    @Body({ schema: FormAllInput }) input: FormAllInput,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Command() { by, command }: CommandContext,
  ): Promise<BulkAnswer> {
    const formed = input.groups.map((one, index) =>
      this.#form(one, { by, command: commandIdFrom(command, String(index)) }),
    );
    const instance = '/assignment/groups/bulk';
    return bulkAnswer(await Promise.allSettled(formed), { source: 'assignment', messages, acceptLanguage, instance });
  }

  @Post(':id/recount')
  @Answers('Counts the people of a group again', CommandAnswer)
  recount(
    @Param('id', { schema: GroupId }) group: GroupId,
    @Body({ schema: RecountInput }) input: RecountInput,
    @Command() context: CommandContext,
  ): Promise<CommandAnswer> {
    return this.#give({ ...input, type: 'recount', group }, context);
  }

  @Post(':id/close')
  @Answers('Closes a group; its assignments end that day', CommandAnswer)
  close(
    @Param('id', { schema: GroupId }) group: GroupId,
    @Body({ schema: CloseInput }) { on }: CloseInput,
    @Command() context: CommandContext,
  ): Promise<CommandAnswer> {
    return this.#give({ type: 'close', group, on }, context);
  }

  @Get()
  @Answers('Groups open on a day, of an organisation and below it', GroupPage)
  list(@Query({ schema: ListQuery }) { organisation, asOf = this.today(), limit, cursor }: ListQuery) {
    return firstPage(this.lists.groups(organisation, asOf, keyAt(cursor)), limit);
  }

  @Get(':id')
  @Answers('One group as it is on a day', OneGroup)
  async get(
    @Param('id', { schema: GroupId }) id: GroupId,
    @Query({ schema: GetQuery }) { asOf = this.today() }: GetQuery,
  ): Promise<z.infer<typeof OneGroup>> {
    const { state, revision } = await this.groups.load(groupStream(id));
    if (!state) throw new Refusal('not-found', 'group-not-found', { id });
    return { ...groupView(state, asOf), revision };
  }

  async #form({ id, ...input }: FormInput, context: CommandContext): Promise<CommandAnswer> {
    const group = id ?? GroupId.parse(createdId(context.command));
    const command = { ...input, type: 'form', group } as const;
    const { organisation, from, code } = input;
    const known = (await this.members.tree()).get(organisation);
    if (!known) throw new Refusal('not-found', 'organisation-not-found', { id: organisation });
    if (!existsOn(known, from)) throw new Refusal('conflict', 'organisation-not-there', { id: organisation, on: from });
    const stream = groupCodeStream(code);
    return this.claims.claim(
      {
        stream,
        claim: { type: 'GroupCodeClaimed', occurredAt: from, code, owner: group },
        thing: groupStream(group),
        check: () => this.groups.check(groupStream(group), command, context),
        carries: async ({ owner }) => {
          const { state } = await this.groups.load(groupStream(GroupId.parse(owner)));
          return state !== undefined && groupCodeStream(state.code) === stream;
        },
        taken: ({ owner }) => new Refusal('conflict', 'group-code-taken', { code, id: owner }),
      },
      context,
      () => this.#give(command, context),
    );
  }

  async #give(command: GroupCommand, context: CommandContext): Promise<CommandAnswer> {
    return commandAnswer(
      'assignment',
      command.group,
      await this.groups.handle(groupStream(command.group), command, context),
    );
  }
}
