import { Body, Controller, Get, Headers, Inject, Param, Post } from '@nestjs/common';
import { ActivityId } from '@phancong/contracts';
import {
  type CommandContext,
  type CommandHandler,
  commandIdFrom,
  createdId,
  type Handled,
  Refusal,
} from '@phancong/event-sourcing';
import { Answers, BulkAnswer, bulkAnswer, Command, CommandAnswer, commandAnswer } from '@phancong/nest';
import type { Reader } from '@phancong/read-models';
import { z } from 'zod';
import { type Activity, type ActivityCommand, activityStream } from './activity.ts';
import { accountOf, AmendActivity, changesOf, LogActivities, LogActivity, VoidActivity } from './activity-input.ts';
import { ActivityView, asTold } from './activity-view.ts';
import { type Found, type LookUp, outsideAssignment } from './look-up.ts';
import { messages } from './messages.ts';
import { ACTIVITIES, HELD_ASSIGNMENTS, LOOK_UP } from './ports.ts';

const OneActivity = ActivityView.extend({ note: z.string().optional(), revision: z.int() });

@Controller('activity/activities')
export class ActivityController {
  constructor(
    @Inject(ACTIVITIES) private readonly activities: CommandHandler<Activity | undefined, ActivityCommand>,
    @Inject(LOOK_UP) private readonly lookUp: LookUp,
    @Inject(HELD_ASSIGNMENTS) private readonly held: Reader,
  ) {}

  @Post()
  @Answers('Logs an activity of a member', CommandAnswer, 201)
  async log(
    @Body({ schema: LogActivity }) told: LogActivity,
    @Command() context: CommandContext,
  ): Promise<CommandAnswer> {
    return this.#log(told, await this.lookUp([told.assignment], told.campaign ? [told.campaign] : []), context);
  }

  @Post('bulk')
  @Answers('Logs activities, each by itself', BulkAnswer)
  async logAll(
    @Body({ schema: LogActivities }) { activities }: LogActivities,
    @Headers('accept-language') acceptLanguage: string | undefined,
    @Command() { by, command }: CommandContext,
  ): Promise<BulkAnswer> {
    const found = await this.lookUp(
      activities.map(({ assignment }) => assignment),
      activities.flatMap(({ campaign }) => campaign ?? []),
    );
    const logged = activities.map((told, index) =>
      this.#log(told, found, { by, command: commandIdFrom(command, String(index)) }),
    );
    return bulkAnswer(await Promise.allSettled(logged), {
      source: 'activity',
      messages,
      acceptLanguage,
      instance: '/activity/activities/bulk',
    });
  }

  @Post(':id/amend')
  @Answers('Amends what was logged; what is left out stays', CommandAnswer)
  async amend(
    @Param('id', { schema: ActivityId }) id: ActivityId,
    @Body({ schema: AmendActivity }) wanted: AmendActivity,
    @Command() context: CommandContext,
  ): Promise<CommandAnswer> {
    const { deed } = await this.#existing(id);
    const found = await this.lookUp(
      [deed.assignment, wanted.assignment ?? deed.assignment],
      [wanted.campaign, deed.campaign].flatMap((campaign) => campaign ?? []),
    );
    const { known } = found(deed.assignment, wanted.assignment);
    const { note, reason } = wanted;
    const command = { type: 'amend', changes: changesOf(wanted), note, reason, known } as const;
    return commandAnswer('activity', id, await this.activities.handle(activityStream(id), command, context));
  }

  @Post(':id/void')
  @Answers('Voids an activity that should not have been logged', CommandAnswer)
  async void(
    @Param('id', { schema: ActivityId }) id: ActivityId,
    @Body({ schema: VoidActivity }) { reason }: VoidActivity,
    @Command() context: CommandContext,
  ): Promise<CommandAnswer> {
    const handled = await this.activities.handle(activityStream(id), { type: 'void', reason }, context);
    return commandAnswer('activity', id, handled);
  }

  @Get(':id')
  @Answers('One activity', OneActivity)
  async get(@Param('id', { schema: ActivityId }) id: ActivityId): Promise<z.infer<typeof OneActivity>> {
    const { deed, note, voided, revision } = await this.#existing(id);
    const outside = await outsideAssignment(this.held, [deed]);
    return { id, ...asTold(deed), note, voided, ...outside(deed), revision };
  }

  async #log(told: LogActivity, found: Found, context: CommandContext): Promise<CommandAnswer> {
    const activity = told.id ?? ActivityId.parse(createdId(context.command));
    const { member, known } = found(told.assignment);
    const command = { type: 'log', activity, member, account: accountOf(told), note: told.note, known } as const;
    return commandAnswer(
      'activity',
      activity,
      await this.activities.handle(activityStream(activity), command, context),
    );
  }

  async #existing(id: ActivityId): Promise<Activity & Pick<Handled<unknown>, 'revision'>> {
    const { state, revision } = await this.activities.load(activityStream(id));
    if (!state) throw new Refusal('not-found', 'activity-not-found', { id });
    return { ...state, revision };
  }
}
