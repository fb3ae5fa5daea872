import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { configureHttp, type HttpOptions } from './configure-http.ts';
import { HttpProblem } from './http-problem.ts';
import { problemOf } from './problem.ts';
import { sendProblem } from './problem-filter.ts';

/** An application on Fastify with the edge configured; not yet listening. */
export async function httpApplication(
  module: Type | DynamicModule,
  options: HttpOptions,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: false,
    // An address that cannot be decoded never reaches Nest.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(request, reply, problemOf(error) ?? new HttpProblem(500, 'internal-error'), {}),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    forceCloseConnections: true,
  });
  configureHttp(app, options);
  return app;
}
