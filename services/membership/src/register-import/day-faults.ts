import { addDays, type Day, type RefusalFacts } from '@phancong/event-sourcing';
import type { Field } from './register-columns.ts';

/** The days that a row gives, by field. */
export type RowDays = Readonly<Partial<Record<Field, Day | undefined>>>;

export interface DayFault {
  readonly field: Field;
  readonly code: 'day-in-future' | 'days-out-of-order';
  readonly facts: RefusalFacts;
}

const LEAVINGS = ['transferredOut', 'died', 'exited'] as const;
/** The second never lies before the first; at least so many days come between. */
const ORDER: readonly (readonly [Field, Field, number])[] = [
  ['birthDate', 'admittedOn', 0],
  ['admittedOn', 'officialOn', 1],
  ['admittedOn', 'transferredIn', 0],
  ...LEAVINGS.flatMap((left) => [
    ['admittedOn', left, 1] as const,
    ['officialOn', left, 0] as const,
    ['transferredIn', left, 0] as const,
  ]),
];

/**
 * Days that have not come yet, and among the others those that cannot follow one another. A wrong day makes no fault of
 * the right ones: a day that agrees with no other is the wrong one; of two, either may be, and it is told at the later.
 */
export function dayFaults(days: RowDays, today: Day): readonly DayFault[] {
  const future = DAYS.filter((field) => (days[field] ?? today) > today);
  let conflicts = ORDER.filter(([before, after, between]) => {
    const [first, second] = [days[before], days[after]];
    if (first === undefined || second === undefined || first > today || second > today) return false;
    return addDays(first, between) > second;
  });
  const found: DayFault[] = future.map((field) => ({ field, code: 'day-in-future', facts: {} }));
  while (conflicts[0]) {
    const times = (field: Field): number => conflicts.filter((pair) => pair[0] === field || pair[1] === field).length;
    const [before, after] = conflicts[0];
    const worst = DAYS.reduce((one, other) => (times(other) > times(one) ? other : one), after);
    found.push({ field: worst, code: 'days-out-of-order', facts: { other: worst === after ? before : after } });
    conflicts = conflicts.filter((pair) => pair[0] !== worst && pair[1] !== worst);
  }
  return found;
}

const DAYS = ['birthDate', 'admittedOn', 'officialOn', 'transferredIn', ...LEAVINGS] as const;
