import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { IdempotencyKeys } from '@phancong/event-sourcing';
import { EtagInterceptor } from './command-answer.ts';
import { IdempotencyInterceptor } from './idempotency.ts';
import type { Messages } from './messages.ts';
import { PositionInterceptor, type WaitFor } from './position.ts';
import { ProblemFilter } from './problem-filter.ts';
import { readJsonBodies } from './raw-body.ts';
import { Routes } from './routes.ts';
import { SchemaPipe } from './schema-pipe.ts';

/** What the edge needs to know of the service behind one first path segment. */
export interface HttpService {
  readonly messages: Messages;
  /** Without them an Idempotency-Key still names the command, but answers are not replayed. */
  readonly idempotencyKeys?: IdempotencyKeys;
  /** Without it `position=` is checked and not waited for. */
  readonly waitFor?: WaitFor;
}

export interface HttpOptions {
  /** By first path segment, e.g. `membership`. */
  readonly services: Readonly<Record<string, HttpService>>;
  /** Bytes of a JSON body; 8 MiB unless told. */
  readonly bodyLimit?: number;
}

/**
 * Gives an application its edge: parsing by zod schemas, problem details in Vietnamese and English, idempotency keys,
 * ETags, `position=`. To be called before `app.init()`, on an application created with `bodyParser: false`.
 */
export function configureHttp(
  app: NestFastifyApplication,
  { services, bodyLimit = 8 * 1024 * 1024 }: HttpOptions,
): void {
  const routes = new Routes();
  routes.follow(app.getHttpAdapter().getInstance());
  readJsonBodies(app, bodyLimit);
  const messages = Object.assign({}, ...Object.values(services).map((service) => service.messages));
  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(new ProblemFilter(messages, routes));
  app.useGlobalInterceptors(
    new PositionInterceptor((service) => services[service]?.waitFor),
    new IdempotencyInterceptor((service) => services[service]?.idempotencyKeys),
    new EtagInterceptor(),
  );
}
