import { type CallHandler, type ExecutionContext, HttpException, Logger, type NestInterceptor } from '@nestjs/common';
import { type IdempotencyKeys, KeyedQueue, Refusal } from '@phancong/event-sourcing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { z } from 'zod';
import { serviceOf } from './address.ts';
import { HttpProblem } from './http-problem.ts';
import { isUpload, type KeyedRequest, keyedRequest, keyOf } from './keyed-request.ts';
import { problemOf } from './problem.ts';

const Answer = z.object({ status: z.int(), etag: z.string().optional(), body: z.unknown() });

const logger = new Logger('idempotency');

/** What keeps answers from being noted, and says nothing of the command. */
const UNNOTED = ['storage-full', 'store-unavailable', 'shutting-down'];

const refused = (error: unknown): boolean =>
  error instanceof Refusal || (error instanceof HttpProblem && error.status < 500) || error instanceof HttpException;

/**
 * Gives the same key and request the same answer; another request under the key is 422. A request whose answer was
 * never noted (the process died) runs again: the ids of its events derive from the key. A refused one frees its key.
 * Uploads are known only when their file was read: `UploadOnce` does it for them.
 */
export class IdempotencyInterceptor implements NestInterceptor {
  readonly #queue = new KeyedQueue();

  constructor(private readonly keysOf: (service: string) => IdempotencyKeys | undefined) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const keyed = keyOf(request) !== undefined && !isUpload(request) ? keyedRequest(request) : undefined;
    return keyed ? this.once(context, keyed, next) : next.handle();
  }

  once(context: ExecutionContext, keyed: KeyedRequest, next: CallHandler): Observable<unknown> {
    const keys = this.keysOf(serviceOf(context.switchToHttp().getRequest<FastifyRequest>()));
    if (!keys) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return from(this.#queue.run(keyed.scope, () => answerOnce(keys, keyed, reply, next)));
  }
}

async function answerOnce(keys: IdempotencyKeys, keyed: KeyedRequest, reply: FastifyReply, next: CallHandler) {
  const { scope, fingerprint } = keyed;
  const claimed = await keys.claim(scope, fingerprint);
  if (claimed.fingerprint !== fingerprint) throw new HttpProblem(422, 'idempotency-key-reused');
  if (claimed.answer !== undefined) {
    const { status, etag, body } = Answer.parse(JSON.parse(claimed.answer));
    void reply.status(status);
    if (etag !== undefined) void reply.header('etag', etag);
    return body;
  }
  try {
    const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    const etag = reply.getHeader('etag');
    await noted(() => keys.answered(scope, JSON.stringify({ status: reply.statusCode, etag, body })));
    return body;
  } catch (error) {
    if (refused(error)) await noted(() => keys.release(scope));
    throw error;
  }
}

/**
 * What was done stays done, and what was refused refused, if there is no room to note that, or nobody who answers: a
 * repeat runs again. Any other failure is a fault.
 */
async function noted(note: () => Promise<void>): Promise<void> {
  try {
    await note();
  } catch (error) {
    if (!UNNOTED.includes(problemOf(error)?.code ?? '')) throw error;
    logger.warn(error);
  }
}
