import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** `ok`, or in a few words why the part cannot serve now. */
export type Check = () => Promise<string>;
/** By the name of the part. */
export type Checks = Readonly<Record<string, Check>>;

const WITHIN_MS = 2_000;
const logger = new Logger('health');

async function outcome(name: string, check: Check): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer in time'), WITHIN_MS);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    logger.error(error, name);
    return 'failed';
  } finally {
    clearTimeout(timer);
  }
}

/** `/health/live`, or `/health`: the process answers. `/health/ready`: every check says ok (200), or not (503, and which). */
export function serveHealth(fastify: FastifyInstance, checks: Checks): void {
  for (const path of ['/health', '/health/live']) fastify.get(path, async () => ({ status: 'ok' }));
  fastify.get('/health/ready', async (_, reply) => {
    const entries = await Promise.all(
      Object.entries(checks).map(
        async ([name, check]): Promise<[string, string]> => [name, await outcome(name, check)],
      ),
    );
    const ready = entries.every(([, said]) => said === 'ok');
    return reply
      .status(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ok' : 'not-ready', checks: Object.fromEntries(entries) });
  });
}
