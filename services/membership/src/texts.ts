import { normalise } from '@phancong/vietnamese';
import { z } from 'zod';

/** One line of text as it is kept: normalised, not empty. */
const line = (longest: number) => z.string().overwrite(normalise).min(1, { abort: true }).max(longest);

/** Text that a spreadsheet would take for a formula if it were written into one. */
const FORMULA = /^[=+@-]/;
/** Letters of any people, the signs within names, and numbers by which namesakes are told apart. */
const PERSON = /^[\p{L}\p{M}][\p{L}\p{M}\p{N} .,'’()/_-]*$/u;
const CODE = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,:/()_#&+-]*$/u;

export const Code = line(64).regex(CODE, { error: 'code-invalid' });
/** Of an organisation, an enterprise, a province. */
export const Name = line(200)
  .refine((text) => !FORMULA.test(text), { error: 'like-formula', abort: true })
  .regex(/[\p{L}\p{N}]/u, { error: 'name-without-letters' });
export const PersonName = line(200).regex(PERSON, { error: 'name-invalid' });
export const Short = line(500);
export const Reason = line(1_000);
