import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { fieldErrors } from './input-errors.ts';
import { httpMessages } from './http-messages.ts';
import type { FieldError } from './http-problem.ts';
import { inWords } from './messages.ts';

/** The settings are not right: the message names each variable, in Vietnamese and English. */
export class InvalidEnvironment extends Error {
  override readonly name = 'InvalidEnvironment';
}

const told = (name: string, { code, facts }: Pick<FieldError, 'code' | 'facts'>): string => {
  const words = httpMessages[code];
  return words ? `${name}: ${inWords(words, 'vi', facts)} / ${inWords(words, 'en', facts)}` : `${name}: ${code}`;
};

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
  throw new InvalidEnvironment(
    fieldErrors(parsed.error.issues, given)
      .map((error) => told(error.path, error))
      .join('\n'),
  );
}

/**
 * What stands in the JSON file that a variable names.
 * @throws InvalidEnvironment that names the variable, the file and each field
 */
export function environmentFile<Schema extends z.ZodType>(
  schema: Schema,
  variable: string,
  file: string,
): z.infer<Schema> {
  const wrong = (errors: readonly FieldError[]): InvalidEnvironment =>
    new InvalidEnvironment(
      errors
        .map((error) => told(`${variable} (${file})${error.path === '' ? '' : ` ${error.path}`}`, error))
        .join('\n'),
    );
  const content = contentOf(file);
  if ('code' in content) throw wrong([{ path: '', facts: {}, ...content }]);
  const parsed = schema.safeParse(content.json);
  if (parsed.success) return parsed.data;
  throw wrong(fieldErrors(parsed.error.issues, content.json));
}

function contentOf(file: string): { readonly json: unknown } | Pick<FieldError, 'code'> {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { code: 'unreadable-file' };
  }
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { code: 'malformed-json' };
  }
}
