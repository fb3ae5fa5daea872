import { z } from 'zod';

const DEEPEST = 32;
/** Control characters other than tab and line ends, and halves of surrogate pairs. */
// eslint-disable-next-line no-control-regex -- control characters are what is refused
const UNCLEAN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/u;

type Path = readonly (string | number)[];
type Complain = (path: Path, code: string) => void;

const cleaned = (value: unknown, complain: Complain, path: Path = []): unknown => {
  if (typeof value === 'string') {
    if (UNCLEAN.test(value)) complain(path, 'control-character');
    return value.normalize('NFC');
  }
  if (typeof value !== 'object' || value === null) return value;
  if (path.length >= DEEPEST) {
    complain(path, 'nested-too-deep');
    return undefined;
  }
  if (Array.isArray(value)) return value.map((item, index) => cleaned(item, complain, [...path, index]));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.normalize('NFC'), cleaned(item, complain, [...path, key])]),
  );
};

const clean = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value, context) => {
    const complain: Complain = (path, code) =>
      context.issues.push({ code: 'custom', path: [...path], message: code, input: value });
    return cleaned(value, complain);
  }, schema);

/**
 * Schema of a request's body: a field it does not name is refused (`unknown-field`), every text is brought to NFC,
 * and texts with control characters are refused.
 */
export const body = <Shape extends z.core.$ZodShape>(shape: Shape) => clean(z.strictObject(shape));

/** Schema of a request's query, with the rules of `body`. `position` belongs to every request and is not named. */
export const query = <Shape extends z.core.$ZodShape>(shape: Shape) => clean(z.strictObject(shape));

/** Of a list: how many items at most, and where to go on (`next` of the page before). */
export const page = {
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().min(1).max(1024).optional(),
};
