import type { ServiceName } from '@phancong/contracts';
import { Refusal } from '@phancong/event-sourcing';
import { z } from 'zod';
import { type CommandAnswer, parsePosition, positionText } from './command-answer.ts';
import { languageOf } from './language.ts';
import type { Messages } from './messages.ts';
import { midway, ProblemDetails, problemDetails, problemOf } from './problem.ts';

/** The answer to commands that were given together: each was accepted or refused by itself. */
export const BulkAnswer = z
  .object({
    accepted: z.int().nonnegative(),
    rejected: z.int().nonnegative(),
    /** In the order of the request. */
    results: z.array(z.union([z.object({ id: z.string() }), z.object({ error: ProblemDetails })])),
    /** Waiting for it waits for all that was accepted. */
    position: z.string(),
  })
  .meta({ id: 'BulkAnswer' });
export type BulkAnswer = z.infer<typeof BulkAnswer>;

export interface BulkRequest {
  readonly source: ServiceName;
  /** The service's words for its refusals. */
  readonly messages: Messages;
  readonly acceptLanguage: string | undefined;
  /** The request's path. */
  readonly instance: string;
}

/**
 * What came of commands that were given together.
 * @param outcomes of each command, in the order of the request (`Promise.allSettled`)
 * @throws whatever one of them failed with, if that was no refusal: a retry under the same key then does the rest
 */
export function bulkAnswer(
  outcomes: readonly PromiseSettledResult<CommandAnswer>[],
  { source, messages, acceptLanguage, instance }: BulkRequest,
): BulkAnswer {
  const language = languageOf(acceptLanguage);
  const results = outcomes.map((outcome) => {
    if (outcome.status === 'fulfilled') return { id: outcome.value.id };
    const problem = outcome.reason instanceof Refusal ? problemOf(outcome.reason) : undefined;
    if (!problem) throw midway(outcome.reason);
    return { error: problemDetails(problem, language, messages, instance) };
  });
  const answers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const positions = answers.map(({ position }) => parsePosition(position)?.position ?? 0);
  return {
    accepted: answers.length,
    rejected: results.length - answers.length,
    results,
    position: positionText(source, Math.max(0, ...positions)),
  };
}
