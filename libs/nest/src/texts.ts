import { normalise } from '@phancong/vietnamese';
import { z } from 'zod';
import { defineMessages, fixed } from './messages.ts';

/** Text that a spreadsheet would take for a formula if it were written into one. */
const FORMULA = /^[=+@-]/;
const CODE = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,:/()_#&+-]*$/u;

/** One line of text as it is kept: normalised, not empty. */
export const line = (longest: number) => z.string().overwrite(normalise).min(1, { abort: true }).max(longest);

/** By which people know a thing beside its name. */
export const Code = line(64).regex(CODE, { error: 'code-invalid' });

/** The name of something that is no person: an organisation, a group, a campaign. */
export const nameOf = (longest: number) =>
  line(longest)
    .refine((text) => !FORMULA.test(text), { error: 'like-formula', abort: true })
    .regex(/[\p{L}\p{N}]/u, { error: 'name-without-letters' });

/** What may be wrong with them. */
export const textMessages = defineMessages({
  'code-invalid': fixed(
    'Mã gồm chữ, số, dấu cách và các dấu . , : / ( ) _ # & + -, bắt đầu bằng chữ hoặc số.',
    'A code has letters, digits, spaces and . , : / ( ) _ # & + -, and begins with a letter or digit.',
  ),
  'like-formula': fixed(
    'Tên không được bắt đầu như công thức (=, +, - hoặc @).',
    'A name does not begin as a formula does (=, +, - or @).',
  ),
  'name-without-letters': fixed('Tên phải có chữ hoặc số.', 'A name has letters or digits.'),
});
