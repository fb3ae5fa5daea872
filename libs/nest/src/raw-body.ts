import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem } from './http-problem.ts';

const bodies = new WeakMap<FastifyRequest, Buffer>();
const malformed = (): HttpProblem => new HttpProblem(400, 'malformed-json');
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The bytes of the request's JSON body; `undefined` when there is none, or when it is an upload. */
export const rawBody = (request: FastifyRequest): Buffer | undefined => bodies.get(request);

/** JSON in valid UTF-8 is the only kind of body that is read whole; everything else is 415 (uploads have their own parser). */
export function readJsonBodies(fastify: FastifyInstance, bodyLimit: number): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer', bodyLimit }, (request, bytes, done) => {
    bodies.set(request, bytes);
    if (bytes.length === 0) return done(null, undefined);
    try {
      void parse(request, utf8.decode(bytes), (error, value) => done(error ? malformed() : null, value));
    } catch {
      done(malformed());
    }
  });
}
