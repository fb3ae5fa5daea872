import type { FastifyRequest } from 'fastify';

/** The address without its query, which may hold a person's name. */
export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';

/** The service that the address belongs to: its first segment. */
export const serviceOf = (request: FastifyRequest): string => pathOf(request).split('/', 2)[1] ?? '';
