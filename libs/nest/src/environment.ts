import type { z } from 'zod';
import { fieldErrors } from './input-errors.ts';
import { httpMessages } from './http-messages.ts';
import { inWords } from './messages.ts';

/** The settings are not right: the message names each variable, in Vietnamese and English. */
export class InvalidEnvironment extends Error {
  override readonly name = 'InvalidEnvironment';
}

/**
 * Settings from environment variables. An empty variable counts as not set.
 * @throws InvalidEnvironment
 */
export function environment<Schema extends z.ZodObject>(
  schema: Schema,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): z.infer<Schema> {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = fieldErrors(parsed.error.issues, given).map(({ path, code, facts }) => {
    const words = httpMessages[code];
    return words ? `${path}: ${inWords(words, 'vi', facts)} / ${inWords(words, 'en', facts)}` : `${path}: ${code}`;
  });
  throw new InvalidEnvironment(lines.join('\n'));
}
