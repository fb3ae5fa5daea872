import { Body, Controller, Get, Headers, Inject, Param, Post, Query } from '@nestjs/common';
import { AssignmentId, GroupId, OrganisationId } from '@phancong/contracts';
import { type CommandContext, commandIdFrom, Day, KeyedQueue } from '@phancong/event-sourcing';
import { Answers, BulkAnswer, bulkAnswer, Command, CommandAnswer, page, query } from '@phancong/nest';
import { z } from 'zod';
import { required } from './book-beginning.ts';
import {
  AssignAllInput,
  AssignInput,
  ChangeAllInput,
  ChangeContentInput,
  CorrectInput,
  EndInput,
  HandOverInput,
  ResumeInput,
  SuspendInput,
} from './book-input.ts';
import type { Desk } from './desk.ts';
import { firstPage, keyAt } from './keyset.ts';
import type { Lists } from './lists.ts';
import { messages } from './messages.ts';
import { DESK, LISTS, TODAY } from './ports.ts';
import { AssignmentView, assignmentView } from './views.ts';

const ListQuery = query({
  organisation: OrganisationId.optional(),
  group: GroupId.optional(),
  asOf: Day.optional(),
  ...page,
});
type ListQuery = z.infer<typeof ListQuery>;
const GetQuery = query({ asOf: Day.optional() });
type GetQuery = z.infer<typeof GetQuery>;

const OneAssignment = AssignmentView.extend({ revision: z.int() });
const AssignmentPage = z.object({ items: z.array(AssignmentView), next: z.string().optional() });
const Id = () => Param('id', { schema: AssignmentId });

@Controller('assignment/assignments')
export class AssignmentBookController {
  constructor(
    @Inject(DESK) private readonly desk: Desk,
    @Inject(LISTS) private readonly lists: Lists,
    @Inject(TODAY) private readonly today: () => Day,
  ) {}

  @Post()
  @Answers('Assigns a member to a group', CommandAnswer, 201)
  assign(@Body({ schema: AssignInput }) input: AssignInput, @Command() context: CommandContext) {
    return this.desk.assign(input, context);
  }

  @Post('bulk')
  @Answers('Assigns members to groups, each by itself', BulkAnswer)
  async assignAll(
    @Body({ schema: AssignAllInput }) { assignments }: AssignAllInput,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Command() { by, command }: CommandContext,
  ): Promise<BulkAnswer> {
    const made = assignments.map((one, index) =>
      this.desk.assign(one, { by, command: commandIdFrom(command, String(index)) }),
    );
    const instance = '/assignment/assignments/bulk';
    return bulkAnswer(await Promise.allSettled(made), { source: 'assignment', messages, acceptLanguage, instance });
  }

  /** Those of one assignment one after the other, in the order given. */
  @Post('changes')
  @Answers('Changes assignments (suspend, resume, end …), each by itself', BulkAnswer)
  async changeAll(
    @Body({ schema: ChangeAllInput }) { changes }: ChangeAllInput,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Command() { by, command }: CommandContext,
  ): Promise<BulkAnswer> {
    const queue = new KeyedQueue();
    const changed = changes.map((one, index) =>
      queue.run(one.assignment, () => this.desk.change(one, { by, command: commandIdFrom(command, String(index)) })),
    );
    const instance = '/assignment/assignments/changes';
    return bulkAnswer(await Promise.allSettled(changed), { source: 'assignment', messages, acceptLanguage, instance });
  }

  @Post(':id/change-content')
  @Answers('Changes the content of an assignment', CommandAnswer)
  changeContent(
    @Id() assignment: AssignmentId,
    @Body({ schema: ChangeContentInput }) input: ChangeContentInput,
    @Command() context: CommandContext,
  ) {
    return this.desk.change({ ...input, verb: 'change-content', assignment }, context);
  }

  @Post(':id/suspend')
  @Answers('Suspends an assignment', CommandAnswer)
  suspend(
    @Id() assignment: AssignmentId,
    @Body({ schema: SuspendInput }) input: SuspendInput,
    @Command() context: CommandContext,
  ) {
    return this.desk.change({ ...input, verb: 'suspend', assignment }, context);
  }

  @Post(':id/resume')
  @Answers('Resumes a suspended assignment', CommandAnswer)
  resume(
    @Id() assignment: AssignmentId,
    @Body({ schema: ResumeInput }) input: ResumeInput,
    @Command() context: CommandContext,
  ) {
    return this.desk.change({ ...input, verb: 'resume', assignment }, context);
  }

  @Post(':id/hand-over')
  @Answers('Hands an assignment over to another member', CommandAnswer)
  handOver(
    @Id() assignment: AssignmentId,
    @Body({ schema: HandOverInput }) input: HandOverInput,
    @Command() context: CommandContext,
  ) {
    return this.desk.change({ ...input, verb: 'hand-over', assignment }, context);
  }

  @Post(':id/end')
  @Answers('Ends an assignment', CommandAnswer)
  end(@Id() assignment: AssignmentId, @Body({ schema: EndInput }) input: EndInput, @Command() context: CommandContext) {
    return this.desk.change({ ...input, verb: 'end', assignment }, context);
  }

  @Post(':id/correct')
  @Answers('Corrects what was written of an assignment', CommandAnswer)
  correct(
    @Id() assignment: AssignmentId,
    @Body({ schema: CorrectInput }) input: CorrectInput,
    @Command() context: CommandContext,
  ) {
    return this.desk.change({ ...input, verb: 'correct', assignment }, context);
  }

  @Get()
  @Answers(
    'Assignments that run on a day: of the members of an organisation and below it, or to a group',
    AssignmentPage,
  )
  list(@Query({ schema: ListQuery }) { organisation, group, asOf = this.today(), limit, cursor }: ListQuery) {
    const after = keyAt(cursor);
    const rows =
      group === undefined
        ? this.lists.assignments(organisation, asOf, after)
        : this.lists.ofGroup(group, organisation, asOf, after);
    return firstPage(rows, limit);
  }

  @Get(':id')
  @Answers('One assignment as it stands on a day', OneAssignment)
  async get(
    @Id() id: AssignmentId,
    @Query({ schema: GetQuery }) { asOf = this.today() }: GetQuery,
  ): Promise<z.infer<typeof OneAssignment>> {
    const { member, book, revision } = await this.desk.find(id);
    return { ...assignmentView(member, required(book, id), asOf), revision };
  }
}
