import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { HttpProblem } from './http-problem.ts';

const QUERY = new RegExp(`^${RouteParamtypes.QUERY}:`);
const known = new WeakMap<object, boolean>();

/** Whether the handler of the request reads its query, and so says itself what it does not know. */
function readsQuery(context: ExecutionContext): boolean {
  const handler = context.getHandler();
  const reads = known.get(handler) ?? Object.keys(argumentsOf(context)).some((argument) => QUERY.test(argument));
  known.set(handler, reads);
  return reads;
}

const argumentsOf = (context: ExecutionContext): object =>
  Object(Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name));

/**
 * A name in the query that nothing reads is an error, not something silently ignored: `asOf=` where there is no `asOf`.
 * `position` belongs to every request.
 * @throws HttpProblem 422
 */
export function refuseUnasked(context: ExecutionContext, query: object): void {
  const names = Object.keys(query).filter((name) => name !== 'position');
  if (names.length === 0 || readsQuery(context)) return;
  const errors = names.map((path) => ({ path, code: 'unknown-field', facts: {} }));
  throw new HttpProblem(422, 'invalid-input', {}, errors);
}
