import type { FastifyRequest } from 'fastify';

/** Who sends the request. Without sign-in every command is the local operator's. */
export const actorOf = (_request: FastifyRequest): string => 'local-operator';
