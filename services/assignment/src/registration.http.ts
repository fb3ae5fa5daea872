import { Body, Controller, Get, Headers, Inject, Param, Post, Query } from '@nestjs/common';
import { AssignmentId, OrganisationId } from '@phancong/contracts';
import { type CommandContext, commandIdFrom, Day, Refusal } from '@phancong/event-sourcing';
import { Answers, BulkAnswer, bulkAnswer, Command, CommandAnswer, page, query } from '@phancong/nest';
import { z } from 'zod';
import { ApproveInput, DeclineInput, RegisterAllInput, RegisterInput } from './book-input.ts';
import type { Desk } from './desk.ts';
import { firstPage, keyAt } from './keyset.ts';
import type { Lists } from './lists.ts';
import { messages } from './messages.ts';
import { DESK, LISTS, TODAY } from './ports.ts';
import { RegistrationView, registrationView } from './views.ts';

const ListQuery = query({ organisation: OrganisationId.optional(), asOf: Day.optional(), ...page });
type ListQuery = z.infer<typeof ListQuery>;
const OneRegistration = RegistrationView.extend({ revision: z.int() });
const RegistrationPage = z.object({ items: z.array(RegistrationView), next: z.string().optional() });

@Controller('assignment/registrations')
export class RegistrationController {
  constructor(
    @Inject(DESK) private readonly desk: Desk,
    @Inject(LISTS) private readonly lists: Lists,
    @Inject(TODAY) private readonly today: () => Day,
  ) {}

  @Post()
  @Answers('A member registers for a group', CommandAnswer, 201)
  register(@Body({ schema: RegisterInput }) input: RegisterInput, @Command() context: CommandContext) {
    return this.desk.register(input, context);
  }

  /** A registration whose answer is refused stays, and waits. */
  @Post('bulk')
  @Answers('Records registrations and the answers to them, each by itself', BulkAnswer)
  async registerAll(
    @Body({ schema: RegisterAllInput }) { registrations }: RegisterAllInput,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Command() { by, command }: CommandContext,
  ): Promise<BulkAnswer> {
    const made = registrations.map((one, index) =>
      this.#record(one, { by, command: commandIdFrom(command, String(index)) }),
    );
    const instance = '/assignment/registrations/bulk';
    return bulkAnswer(await Promise.allSettled(made), { source: 'assignment', messages, acceptLanguage, instance });
  }

  @Post(':id/approve')
  @Answers('Approves a registration: the assignment runs from that day', CommandAnswer)
  approve(
    @Param('id', { schema: AssignmentId }) id: AssignmentId,
    @Body({ schema: ApproveInput }) input: ApproveInput,
    @Command() context: CommandContext,
  ) {
    return this.desk.approve(id, input, context);
  }

  @Post(':id/decline')
  @Answers('Declines a registration', CommandAnswer)
  decline(
    @Param('id', { schema: AssignmentId }) id: AssignmentId,
    @Body({ schema: DeclineInput }) input: DeclineInput,
    @Command() context: CommandContext,
  ) {
    return this.desk.decline(id, input, context);
  }

  @Get()
  @Answers('Registrations that wait for an answer, of the members of an organisation and below it', RegistrationPage)
  list(@Query({ schema: ListQuery }) { organisation, asOf = this.today(), limit, cursor }: ListQuery) {
    return firstPage(this.lists.pending(organisation, asOf, keyAt(cursor)), limit);
  }

  @Get(':id')
  @Answers('One registration', OneRegistration)
  async get(@Param('id', { schema: AssignmentId }) id: AssignmentId): Promise<z.infer<typeof OneRegistration>> {
    const { member, book, revision } = await this.desk.find(id, 'registration-not-found');
    const registration = book.registrations.get(id);
    if (!registration) throw new Refusal('not-found', 'registration-not-found', { id });
    return { ...registrationView(member, registration), revision };
  }

  async #record(
    { approve, decline, ...registration }: RegisterAllInput['registrations'][number],
    { by, command }: CommandContext,
  ): Promise<CommandAnswer> {
    const answer = { by, command: commandIdFrom('answer', command) };
    const registered = await this.desk.register(registration, { by, command });
    const id = AssignmentId.parse(registered.id);
    if (approve) return this.desk.approve(id, approve, answer, registration.member);
    return decline ? this.desk.decline(id, decline, answer, registration.member) : registered;
  }
}
