import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { commandHandler, eventCodec } from '@phancong/event-sourcing';
import { type Projection, type RunningProjection, runProjection } from '@phancong/read-models';
import { ActivityController } from './activity.http.ts';
import { activityDecider, ActivityEvent } from './activity.ts';
import { CampaignController } from './campaign.http.ts';
import { campaignDecider, CampaignEvent } from './campaign.ts';
import { campaignCodesIn } from './campaign-code.ts';
import { knownAssignments } from './known-assignments/known-assignments.ts';
import { LogbookController } from './logbook/logbook.http.ts';
import { logbook } from './logbook/logbook.ts';
import { lookUp } from './look-up.ts';
import {
  ACTIVITIES,
  type ActivityPorts,
  CAMPAIGN_CODES,
  CAMPAIGNS,
  HELD_ASSIGNMENTS,
  LOGBOOK,
  LOOK_UP,
} from './ports.ts';

const PORTS = Symbol('ports');

/** Activities and campaigns. Reads the feeds of assignment and of its own while the application runs. */
@Module({})
export class ActivityModule implements OnApplicationBootstrap, OnApplicationShutdown {
  /** The read models that can be rebuilt. */
  readonly projections: readonly Projection[] = [knownAssignments, logbook];
  #running: readonly RunningProjection[] = [];

  constructor(@Inject(PORTS) private readonly ports: ActivityPorts) {}

  static register(ports: ActivityPorts): DynamicModule {
    const { store, readModels, today } = ports;
    const campaigns = commandHandler(store, campaignDecider, eventCodec(CampaignEvent));
    const held = readModels.reader(knownAssignments);
    return {
      module: ActivityModule,
      controllers: [ActivityController, LogbookController, CampaignController],
      providers: [
        { provide: PORTS, useValue: ports },
        { provide: ACTIVITIES, useValue: commandHandler(store, activityDecider, eventCodec(ActivityEvent)) },
        { provide: CAMPAIGNS, useValue: campaigns },
        { provide: CAMPAIGN_CODES, useValue: campaignCodesIn(store) },
        { provide: HELD_ASSIGNMENTS, useValue: held },
        { provide: LOOK_UP, useValue: lookUp(held, campaigns, today) },
        { provide: LOGBOOK, useValue: readModels.reader(logbook) },
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const { feed, readModels, progress } = this.ports;
    this.#running = this.projections.map((projection) =>
      runProjection({ projection, readModels, feed, progress, service: 'activity' }),
    );
    await Promise.all(this.#running.map(({ ready }) => ready));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#running.map((projection) => projection.stop()));
  }
}
