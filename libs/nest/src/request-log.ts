import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What every line logged while a request is handled carries: its id, and the trace that it belongs to (W3C). */
export interface RequestNames {
  readonly request: string;
  readonly trace?: string;
}

const current = new AsyncLocalStorage<RequestNames>();

export const requestNames = (): RequestNames | undefined => current.getStore();

const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const REQUEST_ID = /^[\w.-]{1,64}$/;

const header = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');

/** The id that the client gave to its request, if it is a plain one, else a new one. */
export const requestIdOf = (headers: Record<string, string | string[] | undefined>): string => {
  const given = header(headers['x-request-id']);
  return REQUEST_ID.test(given) ? given : randomUUID();
};

const namesOf = (request: FastifyRequest): RequestNames => {
  const trace = TRACEPARENT.exec(header(request.headers['traceparent']))?.[1];
  return { request: request.id, ...(trace !== undefined && { trace }) };
};

/**
 * Logs every request by its route and status: neither address nor body, which may hold what a person would not want
 * to read there. Answers carry the request's id.
 */
export function logRequests(fastify: FastifyInstance): void {
  const logger = new Logger('http');
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  // Not earlier: reading the body leaves the context in which the request began.
  fastify.addHook('preValidation', (request, _reply, done) => current.run(namesOf(request), done));
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    const ms = Math.round(reply.elapsedTime * 1000) / 1000;
    logger.log({ method, route: routeOptions.url ?? 'unknown', status: reply.statusCode, ms, ...namesOf(request) });
    done();
  });
}
