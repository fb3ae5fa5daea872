import { type DynamicModule, type LoggerService, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ActivityModule, messages as activityMessages, publish as publishActivity } from '@phancong/activity';
import {
  AssignmentModule,
  defaultPolicy,
  messages as assignmentMessages,
  type Policy,
  publish as publishAssignment,
} from '@phancong/assignment';
import { ServiceName } from '@phancong/contracts';
import { type EmbeddedFeed, embeddedFeed, inProcessProgress, type Progress } from '@phancong/event-feed';
import { type Clock, instantOf, KeyedQueue, type Position, sealAll, systemClock } from '@phancong/event-sourcing';
import { lockDataFolder } from '@phancong/event-store-sqlite';
import { MembershipModule, messages as membershipMessages, publish as publishMembership } from '@phancong/membership';
import { httpApplication, HttpProblem, type HttpService, processMetrics, todayIn } from '@phancong/nest';
import { messages as reportingMessages, ReportingModule } from '@phancong/reporting';
import { DEAD_LETTERS, DeadLettersController, messages as deadLettersMessages } from './dead-letters.http.ts';
import { type HeldFeed, heldFeed } from './held-feed.ts';
import { Readers } from './readers.ts';
import { rebuildAll, scrubWhenRead, type Rebuildable, type RebuildProgress } from './rebuild.ts';
import { serveRebuild } from './rebuild.http.ts';
import { openStores, type Stores } from './stores.ts';

export interface StandaloneOptions {
  /** Made if it is not there; this process must be its only owner. */
  readonly dataDir: string;
  /** Whose calendar tells "today" (IANA name). */
  readonly timeZone: string;
  /** The organisation's own rules on who is assigned to whom; `defaultPolicy` unless told. */
  readonly policy?: Policy;
  /** Sets `recordedAt`; the demo's loader brings its own. */
  readonly clock?: Clock;
  /** Default: lines on standard error. */
  readonly logger?: LoggerService | false;
}

export interface Standalone {
  readonly app: NestFastifyApplication;
  readonly feed: EmbeddedFeed;
  /** What reporting reads from: it takes no commands, and may lag behind while much is written. */
  readonly reportingFeed: Pick<HeldFeed, 'hold' | 'release'>;
  /** All sets of read models. */
  readonly sets: readonly Rebuildable[];
  /** Sends a request through the application's own door, without a network. `body` is JSON. */
  send(
    method: 'GET' | 'POST',
    path: string,
    body?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly body: string }>;
  /** No service has ever been told anything. */
  isEmpty(): Promise<boolean>;
  /** Resolves when the services (all, unless told) have heard of all that was written before, and of what followed from it. */
  settled(services?: readonly string[]): Promise<void>;
  /** Makes all read models anew from the logs, beside those that answer. One rebuild at a time. */
  rebuild(onProgress: (progress: RebuildProgress) => void): Promise<void>;
  /** Serves on 127.0.0.1 (port 0: a free one). @returns the address */
  listen(port: number): Promise<string>;
  /** Answers what is under way, then closes every file. */
  close(): Promise<void>;
}

/** A request that waits for what it reads waits this long, then is asked to come again. */
const WAIT_MS = 10_000;
const SETTLE_MS = 10 * 60_000;
const SERVICES: readonly string[] = [...ServiceName.options, 'reporting'];

/** It was never given by this server: it must be one of another data folder. */
const unknownPosition = (): HttpProblem =>
  new HttpProblem(422, 'unknown-position', {}, [{ path: 'position', code: 'unknown-position', facts: {} }]);

interface Settings {
  readonly timeZone: string;
  readonly policy: Policy;
  readonly clock: Clock;
}

interface Feeds {
  readonly feed: EmbeddedFeed;
  readonly reportingFeed: HeldFeed;
}

@Module({})
class StandaloneModule {
  static register(stores: Stores, feeds: Feeds, progress: Progress, settings: Settings): DynamicModule {
    const { timeZone, policy, clock } = settings;
    const logs = new Map(ServiceName.options.map((source) => [source, stores[source].store]));
    const shared = { feed: feeds.feed, progress, today: todayIn(timeZone, clock) };
    return {
      module: StandaloneModule,
      imports: [
        MembershipModule.register({ ...shared, ...stores.membership }),
        AssignmentModule.register({ ...shared, ...stores.assignment, policy }),
        ActivityModule.register({ ...shared, ...stores.activity }),
        ReportingModule.register({
          ...shared,
          feed: feeds.reportingFeed,
          ...stores.reporting,
          seal: () => sealAll(logs, instantOf(clock())),
          policy: { timeZone },
        }),
      ],
      controllers: [DeadLettersController],
      providers: [{ provide: DEAD_LETTERS, useValue: feeds.feed.deadLetters }],
    };
  }
}

/**
 * The four services in one process on the files of `dataDir`; ready to answer, not yet listening.
 * @throws DataFolderInUse | UnknownLogFile
 */
export async function openStandalone(options: StandaloneOptions): Promise<Standalone> {
  const { dataDir, timeZone, policy = defaultPolicy, clock = systemClock, logger } = options;
  const lock = lockDataFolder(dataDir);
  const stores = openStores(dataDir, clock);
  const { membership, assignment, activity } = stores;
  const feed = embeddedFeed({
    sources: {
      membership: { store: membership.store, publish: publishMembership },
      assignment: { store: assignment.store, publish: publishAssignment },
      activity: { store: activity.store, publish: publishActivity },
    },
    parkedKeys: stores.parkedKeys,
    onFailure: (failure) => readers.failed(failure),
  });
  const reportingFeed = heldFeed(feed);
  const heads: Readonly<Record<ServiceName, () => Promise<Position>>> = {
    membership: () => membership.store.head(),
    assignment: () => assignment.store.head(),
    activity: () => activity.store.head(),
  };
  const readers = new Readers(inProcessProgress({ heads }), heads);
  const { progress } = readers;
  const waiting = (service: string): Pick<HttpService, 'waitFor'> => ({
    async waitFor(source, position) {
      if (position > (await heads[source]())) throw unknownPosition();
      await progress.waitFor(service, source, position, WAIT_MS);
    },
  });
  const app = await httpApplication(
    StandaloneModule.register(stores, { feed, reportingFeed }, progress, { timeZone, policy, clock }),
    {
      services: {
        membership: { messages: membershipMessages, ...membership, ...waiting('membership') },
        assignment: { messages: assignmentMessages, ...assignment, ...waiting('assignment') },
        activity: { messages: activityMessages, ...activity, ...waiting('activity') },
        reporting: { messages: reportingMessages, ...waiting('reporting') },
        admin: { messages: deadLettersMessages },
      },
      registry: processMetrics(),
      checks: Object.fromEntries(SERVICES.map((service) => [service, () => readers.check(service)])),
    },
    logger,
  );
  const queue = new KeyedQueue();
  const rebuild: Standalone['rebuild'] = (onProgress) =>
    queue.run('rebuild', async () => {
      const sets = rebuildable(app, stores);
      await rebuildAll(sets, feed, readers, onProgress);
      // Who was erased meanwhile stood in the set that was being filled, too.
      const [first] = sets;
      if (first) await scrubWhenRead(membership.scrub, first, onProgress);
    });
  serveRebuild(app.getHttpAdapter().getInstance(), rebuild);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    app,
    feed,
    reportingFeed,
    sets: rebuildable(app, stores),
    rebuild,
    async send(method, url, body, headers = {}) {
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const answer = await app.inject({
        method,
        url,
        headers: { ...type, ...headers },
        ...(body !== undefined && { body }),
      });
      return { status: answer.statusCode, body: answer.body };
    },
    async isEmpty() {
      const positions = await Promise.all(Object.values(heads).map((head) => head()));
      return positions.every((position) => position === 0);
    },
    async settled(services = SERVICES) {
      for (const source of ServiceName.options) {
        const head = await heads[source]();
        for (const service of services) await progress.waitFor(service, source, head, SETTLE_MS);
      }
    },
    async listen(port) {
      await app.listen(port, '127.0.0.1');
      const url = await app.getUrl();
      lock.announce(url);
      return url;
    },
    async close() {
      reportingFeed.release();
      await app.close();
      await stores.close();
      lock.release();
    },
  };
}

function rebuildable(app: NestFastifyApplication, stores: Stores): readonly Rebuildable[] {
  const services = [
    { service: 'membership', module: app.get(MembershipModule), ...stores.membership },
    { service: 'assignment', module: app.get(AssignmentModule), ...stores.assignment },
    { service: 'activity', module: app.get(ActivityModule), ...stores.activity },
    { service: 'reporting', module: app.get(ReportingModule), ...stores.reporting },
  ];
  return services.flatMap(({ service, module, readModels }) =>
    module.projections.map((projection) => ({ service, projection, readModels })),
  );
}
