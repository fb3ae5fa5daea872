import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf, serviceOf } from './address.ts';
import { HttpProblem } from './http-problem.ts';
import { languageOf } from './language.ts';
import type { Messages } from './messages.ts';
import { problemDetails, problemOf } from './problem.ts';
import type { Routes } from './routes.ts';

export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: HttpProblem,
  messages: Messages,
): void {
  const language = languageOf(request.headers['accept-language']);
  const details = problemDetails(problem, language, messages, pathOf(request));
  void reply
    .status(problem.status)
    .headers({ ...problem.headers, 'content-language': language, vary: 'accept-language', 'cache-control': 'no-store' })
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(details));
}

/** Answers every error as RFC 9457 problem details. A fault of ours is logged and says nothing of itself. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger = new Logger('http');

  constructor(
    private readonly messagesOf: (service: string) => Messages,
    private readonly routes: Routes,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = problemOf(error);
    if (!problem) this.#logger.error(error);
    // Half an answer is out already: the client must not take it for a whole one.
    if (reply.raw.headersSent) reply.raw.destroy();
    else sendProblem(request, reply, this.#orMethodNotAllowed(problem, request), this.messagesOf(serviceOf(request)));
  }

  #orMethodNotAllowed(problem = new HttpProblem(500, 'internal-error'), request: FastifyRequest): HttpProblem {
    if (problem.code !== 'no-such-route') return problem;
    const allowed = this.routes.allowed(pathOf(request)).join(', ');
    return allowed === '' ? problem : new HttpProblem(405, 'method-not-allowed', { allowed }, [], { allow: allowed });
  }
}
