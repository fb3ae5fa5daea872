import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { ServiceName } from '@phancong/contracts';
import type { Handled, Position } from '@phancong/event-sourcing';
import type { FastifyReply } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { z } from 'zod';

/** The answer to a command: an ETag of the revision goes with it. */
export const CommandAnswer = z
  .object({
    id: z.string(),
    revision: z.int().min(-1),
    /** Opaque; any later request may wait for it with `position=`. */
    position: z.string(),
  })
  .meta({ id: 'CommandAnswer' });
export type CommandAnswer = Readonly<z.infer<typeof CommandAnswer>>;

export const positionText = (source: ServiceName, position: Position): string => `${source}-${position}`;

const POSITION = /^([a-z]+)-(\d{1,15})$/;

/** What `positionText` made; `undefined` when the text is something else. */
export function parsePosition(text: string): { readonly source: ServiceName; readonly position: Position } | undefined {
  const [, name, digits] = POSITION.exec(text) ?? [];
  const source = ServiceName.safeParse(name);
  return source.success ? { source: source.data, position: Number(digits) } : undefined;
}

export const commandAnswer = (
  source: ServiceName,
  id: string,
  { revision, position }: Handled<unknown>,
): CommandAnswer => ({
  id,
  revision,
  position: positionText(source, position),
});

/** Sends the revision of every answer that has one as its ETag: a command's, and a thing's that was read. */
export class EtagInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      tap((answer: unknown) => {
        if (typeof answer !== 'object' || answer === null || !('revision' in answer)) return;
        if (typeof answer.revision === 'number') void reply.header('etag', `"${answer.revision}"`);
      }),
    );
  }
}
