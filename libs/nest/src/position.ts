import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { ServiceName } from '@phancong/contracts';
import type { Position } from '@phancong/event-sourcing';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { z } from 'zod';
import { serviceOf } from './address.ts';
import { parsePosition } from './command-answer.ts';
import { HttpProblem } from './http-problem.ts';
import { refuseUnasked } from './unasked-query.ts';

/** Resolves when what the service reads includes `source` through `position`; rejects with NotCaughtUp. */
export type WaitFor = (source: ServiceName, position: Position) => Promise<void>;

const Query = z.object({ position: z.string().optional() });

const invalid = (): HttpProblem =>
  new HttpProblem(422, 'invalid-position', {}, [{ path: 'position', code: 'invalid-position', facts: {} }]);

/** A request with `position=` is handled when its service has come that far. */
export class PositionInterceptor implements NestInterceptor {
  constructor(private readonly waitForOf: (service: string) => WaitFor | undefined) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const query = Query.safeParse(request.query);
    if (!query.success) throw invalid();
    refuseUnasked(context, Object(request.query));
    const text = query.data.position;
    if (text !== undefined) {
      // Answers of reporting name a position in each log, joined by dots.
      const parsed = text.split('.').map(parsePosition);
      const waitFor = this.waitForOf(serviceOf(request));
      const positions = parsed.filter((one) => one !== undefined);
      if (positions.length < parsed.length) throw invalid();
      for (const { source, position } of positions) await waitFor?.(source, position);
    }
    return next.handle();
  }
}
