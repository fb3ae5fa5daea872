import type { FastifyRequest } from 'fastify';
import { createHash, type Hash } from 'node:crypto';
import { actorOf } from './actor.ts';
import { pathOf } from './address.ts';
import { HttpProblem } from './http-problem.ts';
import { rawBody } from './raw-body.ts';

/** A request that its client has named, so that it may be sent again. */
export interface KeyedRequest {
  /** Who, method, path and key: the same key on another address is another key. */
  readonly scope: string;
  /** sha256 of method, address and body bytes (of an upload: its files and fields), as hex. */
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

export const isUpload = ({ headers }: FastifyRequest): boolean =>
  headers['content-type']?.toLowerCase().startsWith('multipart/') ?? false;

/**
 * The Idempotency-Key; `undefined` without one, or when the method changes nothing.
 * @throws HttpProblem 400
 */
export function keyOf({ headers, method }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || SAFE.has(method)) return undefined;
  if (typeof key !== 'string' || !VISIBLE_ASCII.test(key)) throw new HttpProblem(400, 'invalid-idempotency-key');
  return key;
}

const known = new WeakMap<FastifyRequest, KeyedRequest>();

/** Puts the request under its key, with a fingerprint that covers what `addBody` adds. */
export function putUnderKey(request: FastifyRequest, key: string, addBody: (fingerprint: Hash) => void): KeyedRequest {
  const fingerprint = createHash('sha256').update(JSON.stringify([request.method, addressOf(request)]));
  addBody(fingerprint);
  const keyed = {
    scope: JSON.stringify([actorOf(request), request.method, pathOf(request), key]),
    fingerprint: fingerprint.digest('hex'),
  };
  known.set(request, keyed);
  return keyed;
}

/**
 * The request under its Idempotency-Key; `undefined` without one, or when the method changes nothing.
 * @throws HttpProblem 400; also for an upload whose route does not use `UploadOnce`
 */
export function keyedRequest(request: FastifyRequest): KeyedRequest | undefined {
  const before = known.get(request);
  if (before) return before;
  const key = keyOf(request);
  if (key === undefined) return undefined;
  if (isUpload(request)) throw new HttpProblem(400, 'idempotency-key-unsupported');
  return putUnderKey(request, key, (fingerprint) => fingerprint.update(rawBody(request) ?? ''));
}
