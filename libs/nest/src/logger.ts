import type { LoggerService, LogLevel } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { z } from 'zod';
import { requestNames } from './request-log.ts';

const Line = z.looseObject({
  level: z.number(),
  time: z.number(),
  context: z.string().default(''),
  msg: z.string().default(''),
  err: z.object({ stack: z.string().optional() }).optional(),
});

/** One short line for people at a terminal. */
export function readable(json: string): string {
  const { level, time, context, msg, err, ...rest } = Line.parse(JSON.parse(json));
  const facts = Object.entries(rest).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  const word = pino.levels.labels[level] ?? String(level);
  const trouble = err?.stack === undefined ? '' : `\n${err.stack}`;
  return `${new Date(time).toISOString()} ${word.padEnd(5)} ${context}: ${msg}${facts.join('')}${trouble}\n`;
}

const terminal: DestinationStream = { write: (line) => process.stderr.write(readable(line)) };

export interface LogOptions {
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** JSON lines even on a terminal. */
  readonly json?: boolean;
  /** Where lines go; standard error unless told, because standard output belongs to what a command prints. */
  readonly destination?: DestinationStream;
}

/** Nest's logger on pino: JSON lines, readable ones on a terminal. Lines carry the request's id and trace. */
export class PinoLogger implements LoggerService {
  readonly #pino: Logger;

  constructor({ level = 'info', json = false, destination }: LogOptions = {}) {
    const to = destination ?? (process.stderr.isTTY && !json ? terminal : pino.destination({ dest: 2, sync: true }));
    this.#pino = pino({ level, base: null, mixin: () => ({ ...requestNames() }) }, to);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#write('info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }
  setLogLevels(levels: LogLevel[]): void {
    if (levels.length === 0) this.#pino.level = 'silent';
  }

  /** Nest gives the context as the last argument. */
  #write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: readonly unknown[],
  ): void {
    const last = rest.at(-1);
    const context = typeof last === 'string' ? { context: last } : {};
    if (message instanceof Error) this.#pino[level]({ ...context, err: message });
    else if (typeof message === 'object') this.#pino[level]({ ...context, ...message });
    else this.#pino[level](context, String(message));
  }
}
