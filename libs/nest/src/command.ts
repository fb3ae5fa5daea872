import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type CommandContext, commandIdFrom, newCommandId, type Revision } from '@phancong/event-sourcing';
import type { FastifyRequest } from 'fastify';
import { actorOf } from './actor.ts';
import { HttpProblem } from './http-problem.ts';
import { keyedRequest } from './keyed-request.ts';

const ETAG = /^"(\d{1,15})"$/;

const ifRevision = (request: FastifyRequest): Revision | undefined => {
  const given = request.headers['if-match'];
  if (given === undefined || given === '*') return undefined;
  const revision = ETAG.exec(given)?.[1];
  if (revision === undefined) throw new HttpProblem(400, 'invalid-if-match');
  return Number(revision);
};

/** Who commands, under which id, and what the client saw; from the request's headers. */
export function commandContext(request: FastifyRequest): CommandContext {
  const keyed = keyedRequest(request);
  return {
    by: actorOf(request),
    command: keyed ? commandIdFrom('http', keyed.scope, keyed.fingerprint) : newCommandId(),
    ifRevision: ifRevision(request),
  };
}

/** Parameter of a handler that takes a command: its `CommandContext`. */
export const Command = createParamDecorator((_: unknown, context: ExecutionContext) =>
  commandContext(context.switchToHttp().getRequest<FastifyRequest>()),
);
