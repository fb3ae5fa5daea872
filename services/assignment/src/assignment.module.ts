import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { AssignmentId, GroupId, MemberId } from '@phancong/contracts';
import { commandHandler } from '@phancong/event-sourcing';
import { type Positions, type Projection, type RunningProjection, runProjection } from '@phancong/read-models';
import { AssignmentBookController } from './assignment-book.http.ts';
import { bookDecider } from './assignment-book.ts';
import { bookCodec } from './book-event.ts';
import { claimsIn } from './claim.ts';
import { Desk } from './desk.ts';
import { GroupController } from './group.http.ts';
import { groupCodec, groupDecider } from './group.ts';
import { Lists } from './lists.ts';
import { defaultPolicy } from './policy.ts';
import {
  type AssignmentPorts,
  CLAIMS,
  DESK,
  GROUPS,
  KNOWN_MEMBERS,
  LISTS,
  STORE,
  SUGGESTIONS,
  TODAY,
} from './ports.ts';
import { settling } from './processes.ts';
import { RecordsController } from './records.http.ts';
import { RegistrationController } from './registration.http.ts';
import { holders, register } from './register/register.ts';
import { all, KnownMembers } from './roster/known-members.ts';
import { roster } from './roster/roster.ts';

const PORTS = Symbol('ports');
const PROCESS = Symbol('the process that settles books');
/** How long a request by an assignment's id waits for the register, should that not have heard of it. */
const WAIT_MS = 2_000;

/** Groups, registrations and assignments. Reads the feeds of membership and of its own while the application runs. */
@Module({})
export class AssignmentModule implements OnApplicationBootstrap, OnApplicationShutdown {
  /** Each can be rebuilt. The process keeps no documents, and is not to be replayed. */
  readonly projections: readonly Projection[] = [roster, register];
  #reading: readonly RunningProjection[] = [];
  #settling: RunningProjection | undefined;

  constructor(
    @Inject(PORTS) private readonly ports: AssignmentPorts,
    @Inject(PROCESS) private readonly process: (caughtUp: (to: Positions) => Promise<void>) => Projection,
  ) {}

  static register(ports: AssignmentPorts): DynamicModule {
    const { store, readModels, progress, today, policy = defaultPolicy } = ports;
    const books = commandHandler(store, bookDecider, bookCodec, 2_000);
    const groups = commandHandler(store, groupDecider, groupCodec);
    const claims = claimsIn(store);
    const registered = readModels.reader(register);
    const members = new KnownMembers(readModels.reader(roster));
    const memberOf = async (id: AssignmentId): Promise<MemberId | undefined> => {
      const known = await registered.get(holders, id);
      if (known) return known.member;
      await progress.waitFor('assignment', 'assignment', await store.head(), WAIT_MS);
      return (await registered.get(holders, id))?.member;
    };
    const holdersOf = async (group: GroupId): Promise<readonly MemberId[]> =>
      (await all(registered, holders, { index: 'by-group', equals: [group] })).map(({ doc }) => doc.member);
    const desk = new Desk({ books, groups, claims, members, policy, memberOf });
    const lists = new Lists(books, members, registered);
    return {
      module: AssignmentModule,
      controllers: [GroupController, RecordsController, AssignmentBookController, RegistrationController],
      providers: [
        { provide: PORTS, useValue: ports },
        { provide: STORE, useValue: store },
        { provide: TODAY, useValue: today },
        { provide: GROUPS, useValue: groups },
        { provide: CLAIMS, useValue: claims },
        { provide: KNOWN_MEMBERS, useValue: members },
        { provide: DESK, useValue: desk },
        { provide: LISTS, useValue: lists },
        { provide: SUGGESTIONS, useValue: { lists, members, register: registered, policy } },
        {
          provide: PROCESS,
          useValue: (caughtUp: (to: Positions) => Promise<void>) =>
            settling({ books, groups, members, desk, policy, holdersOf, caughtUp }),
        },
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const { feed, readModels, progress } = this.ports;
    const common = { readModels, feed, progress, service: 'assignment' };
    this.#reading = this.projections.map((projection) => runProjection({ ...common, projection }));
    await Promise.all(this.#reading.map(({ ready }) => ready));
    const caughtUp = async (positions: Positions): Promise<void> => {
      await Promise.all(this.#reading.map((running) => running.whenCaughtUp(positions)));
    };
    this.#settling = runProjection({ ...common, projection: this.process(caughtUp), process: true });
    await this.#settling.ready;
  }

  /** The process first: it waits for what it reads. */
  async onApplicationShutdown(): Promise<void> {
    await this.#settling?.stop();
    await Promise.all(this.#reading.map((running) => running.stop()));
  }
}
