import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { query } from '@phancong/nest';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import { asked } from '../asked.ts';
import { DASHBOARDS } from '../ports.ts';
import type { Dashboards, Signal } from './dashboards.ts';

const AskStream = query({ organisation: asked.organisation });
type AskStream = z.infer<typeof AskStream>;

/** As in the HTML standard, "Server-sent events". */
const textOf = (signal: Signal): string =>
  signal.event === 'heartbeat' ? ': \n\n' : `id: ${signal.id}\nevent: ${signal.event}\ndata: ${signal.data}\n\n`;

/** Resolves when there is room for more, or nobody reads it any longer. */
const drained = (out: ServerResponse, gone: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      out.off('drain', done);
      gone.removeEventListener('abort', done);
      resolve();
    };
    out.on('drain', done);
    gone.addEventListener('abort', done);
  });

@Controller('reporting/stream')
export class StreamController {
  constructor(@Inject(DASHBOARDS) private readonly dashboards: Dashboards) {}

  @Get()
  @ApiOperation({ summary: 'Server-sent events: coverage of today and results of this year, whenever they change' })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Id of the last event that came: only what has changed since is sent. Browsers send it by themselves.',
  })
  @ApiOkResponse({
    description:
      'Events `coverage` and `results`, the figures as JSON; a comment now and then shows that the stream lives',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  async stream(
    @Query({ schema: AskStream }) { organisation }: AskStream,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Refused before anything is sent: later there is no other answer.
    await this.dashboards.check(organisation);
    const gone = new AbortController();
    reply.raw.on('close', () => gone.abort());
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    reply.raw.flushHeaders();
    const seen = request.headers['last-event-id'];
    for await (const signal of this.dashboards.follow(organisation, [seen].flat()[0], gone.signal)) {
      if (!reply.raw.write(textOf(signal)) && !gone.signal.aborted) await drained(reply.raw, gone.signal);
    }
    reply.raw.end();
  }
}
