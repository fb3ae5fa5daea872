import { MONTHS } from './calendar.ts';
import { share } from './random.ts';

/** What the demo bloc comes to on 31-12-2014, and over all the years. Money in đồng. */
export interface Targets {
  readonly due: number;
  readonly assigned: number;
  readonly selfRegistered: number;
  readonly savings: number;
  readonly charity: number;
  readonly bloodDonations: number;
  readonly introduced: number;
  readonly admitted: number;
}

/** The figures that one bloc reported after ten years. */
const REPORTED: Targets = {
  due: 5_115,
  assigned: 4_245,
  selfRegistered: 785,
  savings: 4_702_000_000_000,
  charity: 494_890_000_000,
  bloodDonations: 15_706,
  introduced: 16_340,
  admitted: 3_835,
};

/** Savings and charity are told in whole units of these. */
export const SAVINGS_UNIT = 1_000_000;
export const CHARITY_UNIT = 100_000;

/** @param scale 1 for the bloc itself; a part of it, e.g. 1/20, for tests */
export const targetsOf = (scale: number): Targets => ({
  due: Math.round(REPORTED.due * scale),
  assigned: Math.round(REPORTED.assigned * scale),
  selfRegistered: Math.round(REPORTED.selfRegistered * scale),
  savings: Math.round((REPORTED.savings * scale) / SAVINGS_UNIT) * SAVINGS_UNIT,
  charity: Math.round((REPORTED.charity * scale) / CHARITY_UNIT) * CHARITY_UNIT,
  bloodDonations: Math.round(REPORTED.bloodDonations * scale),
  introduced: Math.round(REPORTED.introduced * scale),
  admitted: Math.round(REPORTED.admitted * scale),
});

/** What each month has to come to, or to add; the months together come to the targets exactly. */
export interface Schedule {
  /** Members at the end of the month. */
  readonly members: readonly number[];
  /** The part of them with an assignment, 0 to 1. */
  readonly covered: readonly number[];
  readonly selfRegistered: readonly number[];
  readonly introduced: readonly number[];
  readonly admitted: readonly number[];
  readonly bloodDonations: readonly number[];
  /** In units of SAVINGS_UNIT and CHARITY_UNIT. */
  readonly savings: readonly number[];
  readonly charity: readonly number[];
  readonly activities: readonly number[];
}

const ACTIVITIES = 25_000;
/** Nobody is admitted before the first candidates are trained. */
const FIRST_ADMISSION = 14;

const months = <Value>(of: (index: number) => Value): Value[] =>
  Array.from({ length: MONTHS }, (_, index) => of(index));
const last = MONTHS - 1;
const season = (index: number): number => 1 + 0.35 * Math.sin(((index % 12) - 2) * (Math.PI / 6));
const growing = (index: number, from: number): number => (index < from ? 0 : season(index) * (0.5 + index / last));

export function scheduleOf(targets: Targets, scale: number): Schedule {
  const { due, selfRegistered } = targets;
  const startingWith = (from: number) => months((index) => growing(index, from));
  return {
    members: months((index) => Math.round(due * (0.56 + 0.44 * (index / last) ** 1.1))),
    covered: months((index) => (targets.assigned / due) * (0.15 + 0.85 * (index / last) ** 0.6)),
    selfRegistered: months((index) => Math.round(selfRegistered * Math.max(0, (index - 18) / (last - 18)))),
    introduced: share(targets.introduced, startingWith(0)),
    admitted: share(targets.admitted, startingWith(FIRST_ADMISSION)),
    bloodDonations: share(targets.bloodDonations, startingWith(2)),
    savings: share(targets.savings / SAVINGS_UNIT, startingWith(1)),
    charity: share(targets.charity / CHARITY_UNIT, startingWith(1)),
    // Never so few that a month's results have nothing to be spread over.
    activities: share(Math.round(ACTIVITIES * scale), startingWith(1)).map((count) => Math.max(count, 5)),
  };
}
