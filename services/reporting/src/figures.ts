import { z } from 'zod';

/** Whole numbers by the name of what they count; what is not named is 0, and no 0 is named. */
export const Figures = z.record(z.string(), z.number());
export type Figures = Readonly<z.infer<typeof Figures>>;

export const none: Figures = {};

/** `one` + `factor` · `other`, with its names in alphabetical order, so that equal figures are equal texts. */
export function plus(one: Figures, other: Figures, factor = 1): Figures {
  const sum: Record<string, number> = { ...one };
  let news = false;
  for (const [name, value] of Object.entries(other)) {
    const before = sum[name];
    const after = (before ?? 0) + factor * value;
    if (after === 0) delete sum[name];
    else {
      sum[name] = after;
      news ||= before === undefined;
    }
  }
  return news ? sorted(sum) : sum;
}

export const sumOf = (list: readonly Figures[]): Figures => list.reduce((sum, figures) => plus(sum, figures), none);

export const isNone = (figures: Readonly<Record<string, unknown>>): boolean => {
  for (const _ in figures) return false;
  return true;
};

/** The same entries by name, in the order of their names. */
export const sorted = <Value>(record: Readonly<Record<string, Value>>): Record<string, Value> => {
  const entries = Object.entries(record);
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries);
};
