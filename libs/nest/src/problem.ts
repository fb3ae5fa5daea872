import { HttpException } from '@nestjs/common';
import { Refusal, type RefusalKind, Unavailable } from '@phancong/event-sourcing';
import { z } from 'zod';
import { HttpProblem } from './http-problem.ts';
import { httpMessages, titleOf } from './http-messages.ts';
import type { Language } from './language.ts';
import { inWords, type Messages } from './messages.ts';

/** RFC 9457 problem details, as sent. */
export const ProblemDetails = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    instance: z.string(),
    errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'ProblemDetails' });
export type ProblemDetails = z.infer<typeof ProblemDetails>;

const RETRY_SOON = { 'retry-after': '1' };

const statusOfRefusal = (kind: RefusalKind): number => {
  switch (kind) {
    case 'not-found':
      return 404;
    case 'conflict':
      return 409;
    case 'invalid':
      return 422;
  }
};

/** Codes of what the framework itself refuses; all else is a bad request. */
export const frameworkCodes = {
  404: 'no-such-route',
  405: 'method-not-allowed',
  408: 'request-timeout',
  413: 'body-too-large',
  414: 'address-too-long',
  415: 'unsupported-media-type',
} as const;
const isKnown = (status: number): status is keyof typeof frameworkCodes => status in frameworkCodes;

/** What SQLite says when the disk or a quota is full. */
const FULL: readonly unknown[] = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_SHMSIZE'];

/** Errors of the adapters are known by name: an adapter does not import another. */
const byName = (error: Error): HttpProblem | undefined => {
  switch (error.name) {
    case 'BeingRebuilt':
    case 'NotCaughtUp':
      return new HttpProblem(503, 'not-caught-up', {}, [], RETRY_SOON);
    case 'StoreClosed':
      return new HttpProblem(503, 'shutting-down', {}, [], RETRY_SOON);
    case 'WrongExpectedRevision':
      return new HttpProblem(503, 'busy', {}, [], RETRY_SOON);
    case 'StoreFull':
      return new HttpProblem(507, 'storage-full');
    case 'KeyNotDestroyed':
      return new HttpProblem(507, 'key-not-destroyed');
    case 'DuplicateEvent':
      return new HttpProblem(422, 'idempotency-key-reused');
    case 'Erased':
      return new HttpProblem(409, 'person-erased');
    default:
      return 'code' in error && FULL.includes(error.code) ? new HttpProblem(507, 'storage-full') : undefined;
  }
};

const ofFramework = (status: number): HttpProblem =>
  new HttpProblem(status, isKnown(status) ? frameworkCodes[status] : 'bad-request');

/** What to answer when handling a request ended in this error; `undefined`: a fault of ours. */
export function problemOf(error: unknown): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error;
  if (error instanceof Refusal) {
    const status = error.code === 'revision-mismatch' ? 412 : statusOfRefusal(error.kind);
    return new HttpProblem(status, error.code, error.facts);
  }
  if (error instanceof HttpException) {
    return error.getStatus() < 500 ? ofFramework(error.getStatus()) : undefined;
  }
  if (!(error instanceof Error)) return undefined;
  if ('statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500) {
    return ofFramework(error.statusCode);
  }
  if (error instanceof Unavailable) return new HttpProblem(503, 'store-unavailable', {}, [], RETRY_SOON);
  return byName(error);
}

/** What to throw for an error in the middle of many commands: when the disk is full, some may be recorded already. */
export const midway = (error: unknown): unknown =>
  problemOf(error)?.code === 'storage-full' ? new HttpProblem(507, 'storage-full-midway') : error;

/** The problem in words. `messages` are the services'; a code known to neither is told by its title. */
export function problemDetails(
  problem: HttpProblem,
  language: Language,
  messages: Messages,
  instance: string,
): ProblemDetails {
  const tell = (code: string, facts: HttpProblem['facts']): string => {
    const words = messages[code] ?? httpMessages[code];
    return words ? inWords(words, language, facts) : titleOf(problem.status, language);
  };
  const { status, code, facts } = problem;
  const errors = problem.errors.map((error) => ({
    path: error.path,
    code: error.code,
    message: tell(error.code, error.facts),
  }));
  return {
    type: `urn:phancong:problem:${code}`,
    title: titleOf(status, language),
    status,
    detail: tell(code, facts),
    code,
    instance,
    ...(errors.length > 0 && { errors }),
  };
}
