import type { Instant } from '@phancong/event-sourcing';
import { activityWishes } from './activity-plan.ts';
import { assignmentWishes } from './assignment-plan.ts';
import { type Bloc, isCovered, isSelfRegistered, type Tally, type Wish } from './bloc.ts';
import { FIRST_DAY, type Month, monthAt, MONTHS } from './calendar.ts';
import { campaignWishes } from './campaign-plan.ts';
import { candidateWishes } from './candidate-plan.ts';
import { groupWishes } from './group-plan.ts';
import { memberWishes } from './member-plan.ts';
import { dissolve, foundOrganisations, reorganise } from './organisation-plan.ts';
import { ENTERPRISES } from './places.ts';
import { random } from './random.ts';
import { scheduleOf, targetsOf } from './targets.ts';

export interface DemoRequest extends Wish {
  readonly method: 'POST';
  /** The same at every run of the same plan. */
  readonly idempotencyKey: string;
}

/** Requests that are written down at one moment. Those of one phase touch different things, and may be sent together. */
export interface DemoPhase {
  readonly name: string;
  readonly recordedAt: Instant;
  /** 0 is January 2004. */
  readonly month: number;
  readonly requests: readonly DemoRequest[];
  /** Each in its turn: they change the same thing. */
  readonly inTurn: boolean;
  /** What follows needs other services to have heard of this. */
  readonly settles: boolean;
}

/** What the plan comes to, by its own count. */
export interface DemoLedger extends Tally {
  readonly due: number;
  readonly assigned: number;
  readonly selfRegistered: number;
}

export interface DemoOptions {
  readonly seed?: number;
  /** 1 for the whole bloc; a part of it for tests. */
  readonly scale?: number;
}

/** The whole history of the demo bloc, month by month; the same for the same options. Returns what it came to. */
export function* demoPlan({ seed = 1043, scale = 1 }: DemoOptions = {}): Generator<DemoPhase, DemoLedger> {
  const bloc = inventBloc(seed, scale);
  let sent = 0;
  for (let index = 0; index < MONTHS; index += 1) {
    for (const { wishes, inTurn = false, settles = false, ...phase } of phasesOf(bloc, monthAt(index))) {
      const requests = wishes.map(({ path, body }): DemoRequest => {
        sent += 1;
        return { method: 'POST', path, body, idempotencyKey: `demo-${seed}-${sent}` };
      });
      yield { ...phase, month: index, requests, inTurn, settles };
    }
  }
  const members = [...bloc.members];
  return {
    ...bloc.tally,
    due: members.length,
    assigned: members.filter(isCovered).length,
    selfRegistered: members.filter(isSelfRegistered).length,
  };
}

interface WishedPhase {
  readonly name: string;
  readonly recordedAt: Instant;
  readonly wishes: readonly Wish[];
  readonly inTurn?: boolean;
  readonly settles?: boolean;
}

/** A month's phases by the time at which they are written down, within a week of what they tell. */
function phasesOf(bloc: Bloc, month: Month): WishedPhase[] {
  const planned = [...plannedPhases(bloc, month)].sort((one, other) => (one.recordedAt < other.recordedAt ? -1 : 1));
  const phases: WishedPhase[] = [];
  for (const phase of planned) {
    const before = phases.at(-1);
    if (phase.wishes.length > 0) phases.push(phase);
    // What comes after a phase of which nothing is wished still needs to have been heard of what came before it.
    else if (phase.settles && before) phases[phases.length - 1] = { ...before, settles: true };
  }
  return phases;
}

/** A month in the order in which it is thought out: who there is, whom they reach, who is assigned, what was done. */
function* plannedPhases(bloc: Bloc, month: Month): Generator<WishedPhase> {
  const first = month.index === 0;
  const founded = foundOrganisations(bloc, month);
  const tree = first ? { wishes: [], transfers: [], dissolved: [] } : reorganise(bloc, month);
  // A merger moves its members by itself: before they move on, that has to be done.
  const organisations = { wishes: [...founded, ...tree.wishes], inTurn: true, settles: tree.wishes.length > 0 };
  yield { name: 'organisations', recordedAt: month.at(first ? 2 : 6, 9), ...organisations };
  const members = { wishes: memberWishes(bloc, month, tree), settles: tree.dissolved.length > 0 };
  yield { name: 'members', recordedAt: month.at(first ? 5 : 13, 9), ...members };
  const dissolved = tree.dissolved.map((cell) => dissolve(cell, month.on(13)));
  yield { name: 'dissolutions', recordedAt: month.at(13, 15), wishes: dissolved, inTurn: true };
  yield { name: 'candidates', recordedAt: month.at(17, 8), wishes: candidateWishes(bloc, month), settles: true };
  yield { name: 'campaigns', recordedAt: month.at(2, 8), wishes: campaignWishes(bloc, month) };
  yield { name: 'groups', recordedAt: month.at(18, 9), wishes: groupWishes(bloc, month), settles: true };
  const { changes, assignments, registrations } = assignmentWishes(bloc, month);
  yield { name: 'changes', recordedAt: month.at(21, 8), wishes: changes };
  yield { name: 'assignments', recordedAt: month.at(21, 9), wishes: assignments };
  yield { name: 'registrations', recordedAt: month.at(21, 10), wishes: registrations, settles: true };
  const { weeks, settled } = activityWishes(bloc, month);
  for (const [week, wishes] of weeks.entries()) {
    yield { name: 'activities', recordedAt: month.at(week === 3 ? 28 : 7 * week + 8, 8), wishes };
  }
  yield { name: 'settled', recordedAt: month.at(28, 10), wishes: settled };
}

const NO_TALLY: Tally = { savings: 0, charity: 0, bloodDonations: 0, introduced: 0, trained: 0, admitted: 0 };

function inventBloc(seed: number, scale: number): Bloc {
  const count = Math.max(5, Math.round(ENTERPRISES.length * scale));
  const chosen = ENTERPRISES.filter(
    (_, index) =>
      Math.floor((index * count) / ENTERPRISES.length) !== Math.floor(((index + 1) * count) / ENTERPRISES.length),
  );
  const numbers = new Map<string, number>();
  const targets = targetsOf(scale);
  const root = { id: 'dbk', kind: 'bloc', open: true, since: FIRST_DAY, members: new Set<never>() } as const;
  return {
    ...{ random: random(seed), targets, schedule: scheduleOf(targets, scale), root: { ...root } },
    enterprises: chosen.map((enterprise, index) => ({
      ...enterprise,
      key: `dn${String(index + 1).padStart(2, '0')}`,
      // Two of the forty are founded later.
      joins: index % 17 === 16 ? 30 + index : 0,
      ...{ groups: [], organisations: [], opened: 0, units: 0, equitised: false },
    })),
    ...{ members: new Set(), candidates: [], campaigns: [], tally: { ...NO_TALLY } },
    number(kind) {
      const next = 1 + (numbers.get(kind) ?? 0);
      numbers.set(kind, next);
      return `${kind}-${String(next).padStart(5, '0')}`;
    },
    later: { members: new Map(), assignments: new Map(), activities: new Map() },
  };
}
