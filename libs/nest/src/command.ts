import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type CommandContext, commandIdFrom, newCommandId, type Revision } from '@phancong/event-sourcing';
import type { FastifyRequest } from 'fastify';
import { actorOf } from './actor.ts';
import { answersWithoutRevision } from './answers.ts';
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

/**
 * Parameter of a handler that takes a command: its `CommandContext`. What changes many things at once refuses If-Match
 * rather than ignore it.
 */
export const Command = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const given = commandContext(request);
  if (given.ifRevision !== undefined && request.method === 'POST' && answersWithoutRevision(context.getHandler())) {
    throw new HttpProblem(400, 'if-match-unsupported');
  }
  return given;
});
