import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
import type { Observable } from 'rxjs';
import { z } from 'zod';
import type { IdempotencyInterceptor } from './idempotency.ts';
import { keyOf, putUnderKey } from './keyed-request.ts';

/** Name of the decorator under which the server keeps its interceptor. */
export const IDEMPOTENCY = 'idempotency';

/** A file as Nest's FileInterceptor stores it: in memory or on disk. */
const Uploaded = z.object({
  file: z
    .object({ originalname: z.string(), buffer: z.instanceof(Buffer).optional(), path: z.string().optional() })
    .optional(),
  body: z.unknown(),
});

async function digestOf(request: FastifyRequest): Promise<string> {
  const { file, body } = Uploaded.parse(request);
  const hash = createHash('sha256').update(JSON.stringify([file?.originalname, body]));
  if (file?.buffer) hash.update(file.buffer);
  else if (file?.path !== undefined) for await (const chunk of createReadStream(file.path)) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * Lets an upload be sent again under its Idempotency-Key. Stands behind the interceptor that reads the file:
 * `@UseInterceptors(FileInterceptor('file', …), UploadOnce)`.
 */
export class UploadOnce implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = keyOf(request);
    if (key === undefined) return next.handle();
    const digest = await digestOf(request);
    const keyed = putUnderKey(request, key, (fingerprint) => fingerprint.update(digest));
    return request.server.getDecorator<IdempotencyInterceptor>(IDEMPOTENCY).once(context, keyed, next);
  }
}
