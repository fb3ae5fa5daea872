import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem } from './http-problem.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const hostOf = (address: string): string | undefined => (URL.canParse(address) ? new URL(address).host : undefined);

/** A page of another site must not command in the name of the operator whose browser shows it. */
const foreignOrigin = ({ headers }: FastifyRequest): boolean =>
  headers.origin !== undefined && hostOf(headers.origin) !== hostOf(`http://${headers.host}`);

/** A name that someone made to point at this machine. */
const foreignHost = ({ headers }: FastifyRequest): boolean => {
  const address = `http://${headers.host}`;
  return !URL.canParse(address) || !LOOPBACK.has(new URL(address).hostname);
};

/** Without sign-in whoever reaches the server commands: so it answers only what comes from this machine on purpose. */
export function serveLocallyOnly(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const foreign = foreignHost(request) || foreignOrigin(request);
    done(foreign ? new HttpProblem(403, 'not-from-here') : undefined);
  });
}
