import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { answerBrokenRequest } from './broken-request.ts';
import { configureHttp, type HttpOptions } from './configure-http.ts';
import { HttpProblem } from './http-problem.ts';
import { PinoLogger } from './logger.ts';
import { problemOf } from './problem.ts';
import { sendProblem } from './problem-filter.ts';
import { requestIdOf } from './request-log.ts';

const GRACE_MS = 5_000;
/** To send a request whole; an upload over a slow line takes its time. */
const REQUEST_MS = 120_000;

/** An application on Fastify with the edge configured; not yet listening. */
export async function httpApplication(
  module: Type | DynamicModule,
  options: HttpOptions,
  logger: LoggerService | false = new PinoLogger(),
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: false,
    requestTimeout: REQUEST_MS,
    clientErrorHandler: answerBrokenRequest,
    genReqId: ({ headers }: IncomingMessage) => requestIdOf(headers),
    // An address that cannot be decoded never reaches Nest.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(request, reply, problemOf(error) ?? new HttpProblem(500, 'internal-error'), {}),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { bodyParser: false, logger });
  const fastify = adapter.getInstance();
  fastify.addHook('preClose', (done) => {
    // Requests under way are finished; a stream that nobody ends must not keep the process.
    setTimeout(() => fastify.server.closeAllConnections(), GRACE_MS).unref();
    done();
  });
  configureHttp(app, options);
  return app;
}

/**
 * Serves on this machine alone, until SIGTERM or SIGINT shuts the application down in order.
 * @returns the address, e.g. `http://127.0.0.1:3000`
 */
export async function listen(app: NestFastifyApplication, port: number): Promise<string> {
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  await app.listen(port, '127.0.0.1');
  return app.getUrl();
}
