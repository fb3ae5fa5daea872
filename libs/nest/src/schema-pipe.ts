import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { HttpProblem } from './http-problem.ts';
import { fieldErrors } from './input-errors.ts';

const withoutPosition = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'position'))
    : value;

const bodyMissing = (): HttpProblem =>
  new HttpProblem(422, 'invalid-input', {}, [{ path: '', code: 'body-missing', facts: {} }]);

/**
 * Parses every `@Body`, `@Query` and `@Param` that names a zod schema. What does not fit is 422, wherever it stands:
 * 400 is for what cannot be read at all.
 */
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, { schema, type, data }: ArgumentMetadata): unknown {
    if (type === 'custom' || !(schema instanceof z.ZodType)) return value;
    const input = type === 'query' ? withoutPosition(value) : value;
    const parsed = schema.safeParse(input);
    if (parsed.success) return parsed.data;
    if (type === 'body' && (input === undefined || input === null)) throw bodyMissing();
    const errors = fieldErrors(parsed.error.issues, input).map((error) =>
      data === undefined ? error : { ...error, path: error.path === '' ? data : `${data}.${error.path}` },
    );
    throw new HttpProblem(422, 'invalid-input', {}, errors);
  }
}
