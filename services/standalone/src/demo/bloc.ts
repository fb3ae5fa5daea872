import type { GroupKind } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import { laterDay } from './calendar.ts';
import type { EnterpriseKind } from './places.ts';
import type { Random } from './random.ts';
import type { Schedule, Targets } from './targets.ts';

/** What a POST asks for; on a route that takes many at once, one of them. */
export interface Wish {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Enterprise {
  readonly key: string;
  readonly name: string;
  readonly kind: EnterpriseKind;
  readonly province: string;
  readonly size: number;
  /** Index of the month in which it joins the bloc. */
  readonly joins: number;
  readonly groups: Group[];
  /** The committee and all below it that there are now. */
  organisations: Organisation[];
  /** How many organisations were ever opened in it, and how many work units have had a cell. */
  opened: number;
  units: number;
  /** Became a joint-stock company. */
  equitised: boolean;
}

export interface Organisation {
  readonly id: string;
  readonly kind: 'bloc' | 'committee' | 'sub-committee' | 'cell';
  readonly workUnit?: string | undefined;
  enterprise?: Enterprise | undefined;
  parent?: Organisation | undefined;
  open: boolean;
  /** The day on which it came to where it is. */
  since: Day;
  /** Only of a cell. */
  readonly members: Set<Member>;
}

export interface Member {
  readonly id: string;
  cell: Organisation | undefined;
  workUnit?: string | undefined;
  /** Whether it is known. */
  expertise: boolean;
  readonly joined: Day;
  /** Of the stay in the present cell. */
  since: Day;
  officialOn?: Day | undefined;
  /** The last day of which anything is told that needs the member to be there. */
  busyUntil: Day;
  readonly assignments: Set<Assignment>;
  /** Every group that the member ever had. */
  readonly groups: Set<Group>;
  exempt: boolean;
}

export interface Group {
  readonly id: string;
  readonly kind: GroupKind;
  readonly committee: Organisation;
  readonly workUnit?: string | undefined;
  readonly since: Day;
  headcount: number;
  open: boolean;
  readonly assignments: Set<Assignment>;
}

export interface Assignment {
  /** Unknown for one that was taken over: the service names it. */
  readonly id?: string | undefined;
  readonly member: Member;
  readonly group: Group;
  readonly selfRegistered: boolean;
  /** First day of which activities may be told: the first day, or the day on which it became known or was last resumed. */
  worksFrom: Day;
  suspended: boolean;
}

export interface Campaign {
  readonly id: string;
  readonly theme: Theme;
  readonly from: string;
  readonly until?: string | undefined;
}

export type Theme = 'blood' | 'thrift' | 'teaching' | 'summer' | 'charity' | 'gratitude';

export interface Candidate {
  readonly id: string;
  readonly introducedBy: Member;
  readonly introducedOn: Day;
  readonly month: number;
  /** Index of the month of the training. */
  trained?: number;
}

/** What the plan itself adds up as it goes, to be compared with what the services answer. */
export interface Tally {
  savings: number;
  charity: number;
  bloodDonations: number;
  introduced: number;
  trained: number;
  admitted: number;
}

/** The invented bloc as it stands at one moment of the plan. */
export interface Bloc {
  readonly random: Random;
  readonly targets: Targets;
  readonly schedule: Schedule;
  readonly root: Organisation;
  readonly enterprises: Enterprise[];
  readonly members: Set<Member>;
  /** Introduced, and neither admitted nor given up. */
  candidates: Candidate[];
  readonly campaigns: Campaign[];
  readonly tally: Tally;
  /** The next number of each kind of thing. */
  number(kind: string): string;
  /** What is written down only in a later month, by that month's index. */
  readonly later: Readonly<Record<Phase, Map<number, Postponed[]>>>;
}

export type Phase = 'members' | 'assignments' | 'activities';
type Postponed = (on: Day) => readonly Wish[];

export const cellsOf = (enterprise: Enterprise): Organisation[] =>
  enterprise.organisations.filter(({ kind }) => kind === 'cell');

export const joinedBy = (bloc: Bloc): Enterprise[] =>
  bloc.enterprises.filter(({ organisations }) => organisations.length > 0);

export const isUnder = (organisation: Organisation, above: Organisation): boolean =>
  organisation === above || (organisation.parent !== undefined && isUnder(organisation.parent, above));

export const isActive = ({ suspended }: Assignment): boolean => !suspended;

export function isCovered({ assignments }: Member): boolean {
  for (const assignment of assignments) if (isActive(assignment)) return true;
  return false;
}

export function isSelfRegistered({ assignments }: Member): boolean {
  for (const assignment of assignments) if (assignment.selfRegistered && isActive(assignment)) return true;
  return false;
}

export function busy(member: Member, on: Day): void {
  member.busyUntil = laterDay(member.busyUntil, on);
}

export function endAssignment(assignment: Assignment): void {
  assignment.member.assignments.delete(assignment);
  assignment.group.assignments.delete(assignment);
}

/** The move, with what follows from it (rule 7 of the domain). */
export function moveMember(member: Member, to: Organisation, on: Day, workUnit: string | undefined): void {
  member.cell?.members.delete(member);
  to.members.add(member);
  member.cell = to;
  member.since = on;
  member.workUnit = workUnit;
  busy(member, on);
  for (const assignment of member.assignments) {
    const { group } = assignment;
    if (group.kind !== 'residents' && !isUnder(to, group.committee)) endAssignment(assignment);
  }
}

export function removeMember(bloc: Bloc, member: Member): void {
  member.cell?.members.delete(member);
  member.cell = undefined;
  bloc.members.delete(member);
  for (const assignment of member.assignments) endAssignment(assignment);
}

/** Has it written down in a later month; `wishes` is asked then, with the usual day of that phase. */
export function postpone(bloc: Bloc, phase: Phase, month: number, wishes: Postponed): void {
  const known = bloc.later[phase].get(month);
  if (known) known.push(wishes);
  else bloc.later[phase].set(month, [wishes]);
}

/** What was put off until this month. */
export const postponed = (bloc: Bloc, phase: Phase, month: number, on: Day): Wish[] =>
  (bloc.later[phase].get(month) ?? []).flatMap((wishes) => wishes(on));
