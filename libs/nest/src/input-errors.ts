import type { RefusalFacts } from '@phancong/event-sourcing';
import type { z } from 'zod';
import type { FieldError } from './http-problem.ts';

type Issue = z.core.$ZodIssue;

const STABLE_CODE = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;
const MOST_ERRORS = 100;

const textOf = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** Whether the input has no value at the path. */
const absent = (input: unknown, path: readonly PropertyKey[]): boolean => {
  const found = path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
  return found === undefined;
};

type Limits = readonly [small: 'too-short' | 'too-few', big: 'too-long' | 'too-many'];
const limits: Readonly<Record<string, Limits>> = {
  string: ['too-short', 'too-long'],
  array: ['too-few', 'too-many'],
  set: ['too-few', 'too-many'],
  map: ['too-few', 'too-many'],
};

const formats: Readonly<Record<string, 'invalid-day' | 'invalid-instant'>> = {
  date: 'invalid-day',
  datetime: 'invalid-instant',
};

const limit = (value: number | bigint): RefusalFacts => ({ limit: Number(value) });

function tell(issue: Issue, input: unknown): readonly FieldError[] {
  const one = (code: string, facts: RefusalFacts = {}): readonly FieldError[] => [
    { path: textOf(issue.path), code, facts },
  ];
  if (issue.code !== 'unrecognized_keys' && absent(input, issue.path)) return one('required');
  // A schema names its own code where zod takes a message: `{ error: 'invalid-day' }`.
  if (STABLE_CODE.test(issue.message)) return one(issue.message);
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? one('not-a-whole-number') : one('wrong-type', { expected: issue.expected });
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: textOf([...issue.path, key]), code: 'unknown-field', facts: {} }));
    case 'too_small':
      return issue.inclusive === false
        ? one('not-above', limit(issue.minimum))
        : one(limits[issue.origin]?.[0] ?? 'too-small', limit(issue.minimum));
    case 'too_big':
      return issue.inclusive === false
        ? one('not-below', limit(issue.maximum))
        : one(limits[issue.origin]?.[1] ?? 'too-big', limit(issue.maximum));
    case 'invalid_value':
      return one('not-one-of', { options: issue.values.map(String).join(', ') });
    case 'invalid_format':
      return one(formats[issue.format] ?? 'invalid-format');
    case 'invalid_union':
      return 'options' in issue && issue.options
        ? one('not-one-of', { options: issue.options.map(String).join(', ') })
        : one('invalid-value');
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      return one('invalid-value');
  }
}

/**
 * What is wrong with the input, field by field, in stable codes: at most the first 100, each code once a field.
 * @param input what was parsed, to tell a missing field from a wrong one
 */
export function fieldErrors(issues: readonly Issue[], input: unknown): readonly FieldError[] {
  const errors = new Map<string, FieldError>();
  for (const issue of issues) {
    for (const error of tell(issue, input)) errors.set(JSON.stringify([error.path, error.code]), error);
    if (errors.size >= MOST_ERRORS) break;
  }
  return [...errors.values()].slice(0, MOST_ERRORS);
}
