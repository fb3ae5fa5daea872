import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type Projection, type RunningProjection, runProjection } from '@phancong/read-models';
import { CandidatesBulkController } from './candidates-bulk.http.ts';
import { CandidatesController } from './candidates.http.ts';
import { forgetting } from './forgetting.ts';
import { MembersBulkController } from './members-bulk.http.ts';
import { MembersController } from './members.http.ts';
import { type Membership, membership } from './membership.ts';
import { OrganisationsController } from './organisations.http.ts';
import { messages } from './messages.ts';
import { MEMBERSHIP, type MembershipPorts } from './ports.ts';
import { importer } from './register-import/importer.ts';
import { IMPORT_MESSAGES, IMPORT_REGISTER, ImportsController } from './register-import/imports.http.ts';

const PORTS = Symbol('ports');

/** Organisations, members and candidates. Reads its own feed while the application runs. */
@Module({})
export class MembershipModule implements OnApplicationBootstrap, OnApplicationShutdown {
  #running: readonly RunningProjection[] = [];

  constructor(
    @Inject(PORTS) private readonly ports: MembershipPorts,
    @Inject(MEMBERSHIP) private readonly membership: Membership,
  ) {}

  /** The read models that can be rebuilt. */
  get projections(): readonly Projection[] {
    return [this.membership.roster];
  }

  static register(ports: MembershipPorts): DynamicModule {
    const service = membership(ports);
    const importRegister = importer(service, ports);
    return {
      module: MembershipModule,
      // Bulk routes first: they are not ids.
      controllers: [
        OrganisationsController,
        MembersBulkController,
        MembersController,
        CandidatesBulkController,
        CandidatesController,
        ImportsController,
      ],
      providers: [
        { provide: PORTS, useValue: ports },
        { provide: MEMBERSHIP, useValue: service },
        { provide: IMPORT_REGISTER, useValue: importRegister },
        { provide: IMPORT_MESSAGES, useValue: messages },
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const { feed, readModels, progress, scrub } = this.ports;
    const { followUp } = this.membership;
    const run = { readModels, feed, progress, service: 'membership' };
    const roster = runProjection({ ...run, projection: this.membership.roster });
    const process = scrub ? forgetting(followUp, roster, scrub) : followUp;
    this.#running = [roster, runProjection({ ...run, projection: process, process: true })];
    await Promise.all(this.#running.map(({ ready }) => ready));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#running.map((projection) => projection.stop()));
  }
}
