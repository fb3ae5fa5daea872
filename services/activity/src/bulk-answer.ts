import { Refusal } from '@phancong/event-sourcing';
import {
  type CommandAnswer,
  languageOf,
  parsePosition,
  positionText,
  type ProblemDetails,
  problemDetails,
  problemOf,
} from '@phancong/nest';
import { messages } from './messages.ts';

export interface BulkAnswer {
  readonly accepted: number;
  readonly rejected: number;
  /** In the order of the request. */
  readonly results: readonly ({ readonly id: string } | { readonly error: ProblemDetails })[];
  /** Waiting for it waits for all that was accepted. */
  readonly position: string;
}

/**
 * What came of commands that were given together.
 * @throws whatever one of them failed with, if that was no refusal: a retry under the same key then does the rest
 */
export function bulkAnswer(
  outcomes: readonly PromiseSettledResult<CommandAnswer>[],
  acceptLanguage: string | undefined,
): BulkAnswer {
  const language = languageOf(acceptLanguage);
  const results = outcomes.map((outcome) => {
    if (outcome.status === 'fulfilled') return { id: outcome.value.id };
    const problem = outcome.reason instanceof Refusal ? problemOf(outcome.reason) : undefined;
    if (!problem) throw outcome.reason;
    return { error: problemDetails(problem, language, messages, '/activity/activities/bulk') };
  });
  const answers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const positions = answers.map(({ position }) => parsePosition(position)?.position ?? 0);
  return {
    accepted: answers.length,
    rejected: results.length - answers.length,
    results,
    position: positionText('activity', Math.max(0, ...positions)),
  };
}
