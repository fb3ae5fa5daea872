import { type CallHandler, type ExecutionContext, HttpException, type NestInterceptor } from '@nestjs/common';
import { type IdempotencyKeys, KeyedQueue, Refusal } from '@phancong/event-sourcing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { z } from 'zod';
import { actorOf } from './actor.ts';
import { pathOf, serviceOf } from './address.ts';
import { HttpProblem } from './http-problem.ts';
import { rawBody } from './raw-body.ts';

/** A request that its client has named, so that it may be sent again. */
export interface KeyedRequest {
  /** Who, method, path and key: the same key on another address is another key. */
  readonly scope: string;
  /** sha256 of method, address and body bytes, as hex. */
  readonly fingerprint: string;
}

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Waiting for another position does not make it another request. */
const addressOf = (request: FastifyRequest): string => {
  const url = new URL(request.url, 'http://localhost');
  url.searchParams.delete('position');
  return `${url.pathname}?${url.searchParams}`;
};

const read = (request: FastifyRequest): KeyedRequest | undefined => {
  const key = request.headers['idempotency-key'];
  if (key === undefined || SAFE.has(request.method)) return undefined;
  if (typeof key !== 'string' || !VISIBLE_ASCII.test(key)) throw new HttpProblem(400, 'invalid-idempotency-key');
  const body = rawBody(request);
  if (!body && request.headers['content-type'] !== undefined) throw new HttpProblem(400, 'idempotency-key-unsupported');
  const fingerprint = createHash('sha256').update(JSON.stringify([request.method, addressOf(request)]));
  if (body) fingerprint.update(body);
  return {
    scope: JSON.stringify([actorOf(request), request.method, pathOf(request), key]),
    fingerprint: fingerprint.digest('hex'),
  };
};

const known = new WeakMap<FastifyRequest, { readonly keyed: KeyedRequest | undefined }>();

/**
 * The request under its Idempotency-Key; `undefined` without one, or when the method changes nothing.
 * @throws HttpProblem 400
 */
export function keyedRequest(request: FastifyRequest): KeyedRequest | undefined {
  const before = known.get(request);
  if (before) return before.keyed;
  const keyed = read(request);
  known.set(request, { keyed });
  return keyed;
}

const Answer = z.object({ status: z.int(), etag: z.string().optional(), body: z.unknown() });

const refused = (error: unknown): boolean =>
  error instanceof Refusal || (error instanceof HttpProblem && error.status < 500) || error instanceof HttpException;

/**
 * Gives the same key and request the same answer; another request under the key is 422. A request whose answer was
 * never noted (the process died) runs again: the ids of its events derive from the key. A refused one frees its key.
 */
export class IdempotencyInterceptor implements NestInterceptor {
  readonly #queue = new KeyedQueue();

  constructor(private readonly keysOf: (service: string) => IdempotencyKeys | undefined) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const keyed = keyedRequest(request);
    const keys = keyed && this.keysOf(serviceOf(request));
    if (!keyed || !keys) return next.handle();
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
    await keys.answered(scope, JSON.stringify({ status: reply.statusCode, etag, body }));
    return body;
  } catch (error) {
    if (refused(error)) await keys.release(scope);
    throw error;
  }
}
