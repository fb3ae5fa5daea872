import { type Day, Refusal } from '@phancong/event-sourcing';

/** Something that was written down: what, for which day, and where it stands in its stream. */
export interface Entry {
  readonly type: string;
  readonly occurredAt: Day;
  readonly revision: number;
}

/** An entry of a later day would become impossible. */
export const conflictsWith = ({ type, occurredAt, revision }: Entry): Refusal =>
  new Refusal('conflict', 'conflicts-with-later-entry', { type, occurredAt, revision });

export const laterOf = <D extends string>(one: D, other: D): D => (one < other ? other : one);

/** The earlier of two ends; without an end it goes on. */
export const earlierEnd = <D extends string>(one: D | undefined, other: D | undefined): D | undefined =>
  one === undefined || (other !== undefined && other < one) ? other : one;
