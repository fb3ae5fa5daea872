import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { IdempotencyKeys } from '@phancong/event-sourcing';
import { Registry } from 'prom-client';
import { asyncApiDocument } from './asyncapi.ts';
import { EtagInterceptor } from './command-answer.ts';
import { serveDocsPage } from './docs-page.ts';
import { type Checks, serveHealth } from './health.ts';
import { IdempotencyInterceptor } from './idempotency.ts';
import { serveLocallyOnly } from './local-only.ts';
import type { Messages } from './messages.ts';
import { serveMetrics } from './metrics.ts';
import { openApiDocument } from './openapi.ts';
import { PositionInterceptor, type WaitFor } from './position.ts';
import { ProblemFilter } from './problem-filter.ts';
import { readJsonBodies } from './raw-body.ts';
import { logRequests } from './request-log.ts';
import { Routes } from './routes.ts';
import { SchemaPipe } from './schema-pipe.ts';
import { IDEMPOTENCY } from './upload-once.ts';

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
  /** What `/health/ready` asks. */
  readonly checks?: Checks;
  /** What `/metrics` shows; `processMetrics()` in a program. */
  readonly registry?: Registry;
  /** Shown in the documents. */
  readonly version?: string;
  /** Bytes of a JSON body; 8 MiB unless told. */
  readonly bodyLimit?: number;
}

/** Nothing from elsewhere; no `https` is promised, because the server speaks plain HTTP on this machine. */
const securityHeaders = {
  contentSecurityPolicy: {
    directives: {
      upgradeInsecureRequests: null,
      styleSrc: ["'self'", "'unsafe-inline'"],
      fontSrc: ["'self'", 'data:'],
    },
  },
  strictTransportSecurity: false,
};

/**
 * Gives an application its edge: parsing by zod schemas, problem details in Vietnamese and English, idempotency keys,
 * ETags, `position=`, health, metrics, documents. To be called before `app.init()`, on an application created with
 * `bodyParser: false`: `httpApplication` does both.
 */
export function configureHttp(app: NestFastifyApplication, options: HttpOptions): void {
  const { services, checks = {}, registry = new Registry(), version = '0.1.0', bodyLimit = 8 * 1024 * 1024 } = options;
  const fastify = app.getHttpAdapter().getInstance();
  const routes = new Routes();
  routes.follow(fastify);
  logRequests(fastify);
  serveLocallyOnly(fastify);
  readJsonBodies(fastify, bodyLimit);
  app.useSecurityHeaders(securityHeaders);

  app.useGlobalPipes(new SchemaPipe());
  app.useGlobalFilters(new ProblemFilter((service) => services[service]?.messages ?? {}, routes));
  const idempotency = new IdempotencyInterceptor((service) => services[service]?.idempotencyKeys);
  fastify.decorate(IDEMPOTENCY, idempotency);
  app.useGlobalInterceptors(
    new PositionInterceptor((service) => services[service]?.waitFor),
    idempotency,
    new EtagInterceptor(),
  );

  serveHealth(fastify, checks);
  serveMetrics(fastify, registry);
  serveDocsPage(fastify);
  let openApi: ReturnType<typeof openApiDocument> | undefined;
  fastify.get('/openapi.json', async () => (openApi ??= openApiDocument(app, version)));
  fastify.get('/asyncapi.json', async () => asyncApiDocument(version));
}
