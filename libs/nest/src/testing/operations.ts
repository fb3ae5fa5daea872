import { z } from 'zod';

const Operation = z.looseObject({
  summary: z.string().optional(),
  requestBody: z.unknown().optional(),
  responses: z.record(z.string(), z.looseObject({ content: z.unknown().optional() })),
});
const Document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

/**
 * Operations of an `/openapi.json` that leave a reader in the dark, as `POST /path: what is missing`: a summary, the
 * schema of the answer, or that of a POST's body.
 */
export function undescribedOperations(document: unknown): readonly string[] {
  return Object.entries(Document.parse(document).paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { summary, requestBody, responses }]) => {
      const answered = Object.entries(responses).some(([status, { content }]) => status.startsWith('2') && content);
      const missing = [
        ...(summary ? [] : ['summary']),
        ...(answered ? [] : ['answer']),
        ...(method === 'post' && !requestBody ? ['body'] : []),
      ];
      return missing.map((what) => `${method.toUpperCase()} ${path}: ${what}`);
    }),
  );
}
