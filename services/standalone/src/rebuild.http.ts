import type { FastifyInstance } from 'fastify';
import { PassThrough } from 'node:stream';
import type { RebuildProgress } from './rebuild.ts';

/** `POST /admin/rebuild`: rebuilds beside what answers; a JSON line for each step, then `done` or `failed`. */
export function serveRebuild(
  fastify: FastifyInstance,
  rebuild: (onProgress: (progress: RebuildProgress) => void) => Promise<void>,
): void {
  fastify.post('/admin/rebuild', async (request, reply) => {
    const lines = new PassThrough();
    rebuild((progress) => lines.write(`${JSON.stringify(progress)}\n`)).then(
      () => lines.end('done\n'),
      (error: unknown) => {
        request.log.error(error);
        lines.end('failed\n');
      },
    );
    return reply.type('application/jsonl').send(lines);
  });
}
