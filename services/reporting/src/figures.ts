/** Whole numbers by the name of what they count; what is not named is 0, and no 0 is named. */
export type Figures = Readonly<Record<string, number>>;

/** Whether it is a record whose values are all as they should be. */
export const isRecordOf =
  <Value>(is: (value: unknown) => value is Value) =>
  (record: unknown): record is Record<string, Value> => {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) return false;
    for (const value of Object.values(record)) if (!is(value)) return false;
    return true;
  };

export const areFigures = isRecordOf((value) => typeof value === 'number');

export const none: Figures = {};

/** `one` + `factor` · `other`, with its names in alphabetical order, so that equal figures are equal texts. */
export function plus(one: Figures, other: Figures, factor = 1): Figures {
  const sum: Record<string, number> = { ...one };
  let news = false;
  for (const name in other) {
    const before = sum[name];
    const after = (before ?? 0) + factor * (other[name] ?? 0);
    if (after === 0) delete sum[name];
    else {
      sum[name] = after;
      news ||= before === undefined;
    }
  }
  return news ? sorted(sum) : sum;
}

/** Figures that are being added up: a sum in place, for many additions. */
export class Sum {
  readonly #figures: Record<string, number> = {};

  add(figures: Figures, factor = 1): void {
    for (const name in figures) this.#figures[name] = (this.#figures[name] ?? 0) + factor * (figures[name] ?? 0);
  }

  get figures(): Figures {
    return plus(none, this.#figures);
  }
}

export const isNone = (figures: Readonly<Record<string, unknown>>): boolean => {
  for (const _ in figures) return false;
  return true;
};

/** The same entries by name, in the order of their names. */
export function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  const ordered: Record<string, Value> = {};
  for (const name of Object.keys(record).sort()) {
    const value = record[name];
    if (value !== undefined) ordered[name] = value;
  }
  return ordered;
}
