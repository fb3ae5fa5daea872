import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type Projection, type RunningProjection, runProjection } from '@phancong/read-models';
import { CoverageController } from './coverage/coverage.http.ts';
import { HealthController } from './health.http.ts';
import { knowledgeOf } from './knowledge.ts';
import { LateEntriesController } from './late-entries/late-entries.http.ts';
import { DASHBOARDS, defaultPolicy, KNOWLEDGE, POLICY, type ReportingPorts, TODAY } from './ports.ts';
import { reportingProjection } from './reporting.projection.ts';
import { ResultsController } from './results/results.http.ts';
import { Dashboards } from './stream/dashboards.ts';
import { StreamController } from './stream/stream.http.ts';

const PORTS = Symbol('ports');
const PROJECTION = Symbol('the projection');
/** An answer that includes what is written down by now waits so long for it. */
const WAIT_MS = 10_000;

/** Coverage, results, late entries, and dashboards that follow them. Reads the feeds of all services while the application runs. */
@Module({})
export class ReportingModule implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  #running: RunningProjection | undefined;

  constructor(
    @Inject(PORTS) private readonly ports: ReportingPorts,
    @Inject(PROJECTION) private readonly projection: Projection,
    @Inject(DASHBOARDS) private readonly dashboards: Dashboards,
  ) {}

  /** The read models that can be rebuilt. */
  get projections(): readonly Projection[] {
    return [this.projection];
  }

  static register(ports: ReportingPorts): DynamicModule {
    const { readModels, progress, today, seal, streams = { throttle: 1_000, heartbeat: 15_000 } } = ports;
    const policy = { ...defaultPolicy, ...ports.policy };
    const projection = reportingProjection(policy);
    const knowledge = knowledgeOf(readModels, projection, {
      seal,
      caughtUp: async (positions) => {
        const waiting = projection.sources.map((source) =>
          progress.waitFor('reporting', source, positions[source] ?? 0, WAIT_MS),
        );
        await Promise.all(waiting);
      },
    });
    const { excludeExempt } = policy;
    return {
      module: ReportingModule,
      controllers: [CoverageController, ResultsController, LateEntriesController, StreamController, HealthController],
      providers: [
        { provide: PORTS, useValue: ports },
        { provide: PROJECTION, useValue: projection },
        { provide: KNOWLEDGE, useValue: knowledge },
        { provide: POLICY, useValue: policy },
        { provide: TODAY, useValue: today },
        { provide: DASHBOARDS, useValue: new Dashboards({ knowledge, today, excludeExempt, ...streams }) },
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const { feed, readModels, progress } = this.ports;
    this.#running = runProjection({
      projection: this.projection,
      readModels,
      feed,
      service: 'reporting',
      progress: {
        register: (reader) => progress.register(reader),
        consumed: (reader, source, position) => {
          progress.consumed(reader, source, position);
          this.dashboards.changed();
        },
      },
    });
    await this.#running.ready;
  }

  /** Streams would keep the server from closing. */
  beforeApplicationShutdown(): void {
    this.dashboards.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#running?.stop();
  }
}
