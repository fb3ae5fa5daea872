import { addDays, type Day } from '@phancong/event-sourcing';
import {
  type Assignment,
  type Bloc,
  busy,
  endAssignment,
  type Group,
  isActive,
  isCovered,
  isSelfRegistered,
  isUnder,
  type Member,
  postpone,
  postponed,
  type Wish,
} from './bloc.ts';
import { type Month, MONTHS } from './calendar.ts';
import { begin, fits, groupFor, isSmall } from './matching.ts';
import { TOPICS } from './places.ts';

/** Of the active assignments, how many end, are suspended, or get other content in a month. */
const ENDING = 0.006;
const SUSPENDED = 0.001;
const REWRITTEN = 0.002;
/** Of the members with one assignment, how many get another one. */
const ANOTHER = 0.004;
/** Of the new assignments, how many go against the policy with a reason. */
const OVERRIDDEN = 0.02;
const DECLINED = 0.15;
const MOST = 3;

export interface AssignmentWishes {
  readonly changes: Wish[];
  readonly assignments: Wish[];
  readonly registrations: Wish[];
}

/** What is written down of assignments in a month. The last one ends exactly at the targets. */
export function assignmentWishes(bloc: Bloc, month: Month): AssignmentWishes {
  const changes = changeWishes(bloc, month);
  const registrations = registrationWishes(bloc, month);
  const present = [...bloc.members];
  const missing = coverageOf(bloc, month) - present.filter(isCovered).length;
  const uncovered = present.filter((member) => !isCovered(member));
  const assignments = assign(bloc, month, uncovered, missing);
  if (isLast(month) && assignments.length !== missing) {
    throw new RangeError(`${missing} more members are to be assigned, ${assignments.length} could be`);
  }
  const single = present.filter(({ assignments: { size } }) => size === 1);
  assignments.push(...assign(bloc, month, single, Math.round(single.length * ANOTHER)));
  return { changes, assignments, registrations };
}

const isLast = ({ index }: Month): boolean => index === MONTHS - 1;

const coverageOf = ({ schedule, members, targets }: Bloc, month: Month): number => {
  if (isLast(month)) return targets.assigned;
  const covered = [...members].filter(isCovered).length;
  return Math.max(covered, Math.round(members.size * (schedule.covered[month.index] ?? 0)));
};

const about = ({ id }: Assignment, verb: string, body: Wish['body']): Wish => ({
  path: '/assignment/assignments/changes',
  body: { assignment: id, verb, ...body },
});

function changeWishes(bloc: Bloc, month: Month): Wish[] {
  const { random } = bloc;
  const put = postponed(bloc, 'assignments', month.index, month.on(19));
  const active = [...bloc.members].flatMap(({ assignments }) => [...assignments].filter(isActive));
  const known = active.filter(({ id, worksFrom }) => id !== undefined && worksFrom < month.on(1));
  const some = (part: number): Assignment[] => random.sample(known, Math.floor(known.length * part + random.next()));
  // Before any new one begins, so that nobody has too many on the day between.
  const on = month.on(17);
  const [ending, suspended, rewritten] = [some(ENDING), some(SUSPENDED), some(REWRITTEN)];
  const stays = (assignment: Assignment): boolean => assignment.member.assignments.has(assignment);
  return [
    ...put,
    ...ending.map((assignment) => end(bloc, assignment, on)),
    ...suspended.filter(stays).map((assignment) => suspend(bloc, assignment, on, month)),
    ...rewritten.filter((each) => stays(each) && isActive(each)).map((each) => rewrite(bloc, each, on)),
  ];
}

function end({ random }: Bloc, assignment: Assignment, on: Day): Wish {
  endAssignment(assignment);
  busy(assignment.member, on);
  return about(assignment, 'end', { on, reason: random.pick(['Hết thời hạn phân công', 'Phân công nhiệm vụ khác']) });
}

function suspend(bloc: Bloc, assignment: Assignment, on: Day, month: Month): Wish {
  assignment.suspended = true;
  busy(assignment.member, on);
  postpone(bloc, 'assignments', month.index + bloc.random.between(2, 5), (resumed) => {
    if (!assignment.member.assignments.has(assignment)) return [];
    assignment.suspended = false;
    assignment.worksFrom = resumed;
    busy(assignment.member, resumed);
    return [about(assignment, 'resume', { on: resumed })];
  });
  return about(assignment, 'suspend', { on, reason: 'Đi học tập trung' });
}

function rewrite(bloc: Bloc, assignment: Assignment, on: Day): Wish {
  busy(assignment.member, on);
  return about(assignment, 'change-content', { on, content: contentFor(bloc, assignment.group) });
}

const contentFor = ({ random }: Bloc, { kind }: Group): string[] => random.sample(TOPICS[kind], random.between(1, 2));

/** Assigns as many of these members as wanted. */
function assign(bloc: Bloc, month: Month, members: readonly Member[], wanted: number): Wish[] {
  const { random } = bloc;
  const wishes: Wish[] = [];
  for (const member of random.sample(members, members.length)) {
    if (wishes.length >= wanted) break;
    if (member.assignments.size >= MOST) continue;
    const from = month.on(random.between(18, 20));
    const early = addDays(from, -random.between(15, 40));
    const wish = assignFrom(bloc, member, random.chance(0.05) && early > member.busyUntil ? early : from, from);
    if (wish) wishes.push(wish);
  }
  return wishes;
}

function assignFrom(bloc: Bloc, member: Member, from: Day, worksFrom: Day): Wish | undefined {
  const { random } = bloc;
  const against = random.chance(OVERRIDDEN);
  const group = groupFor(
    bloc,
    member,
    (each) => each.since <= from && (against ? mayOverride : fits)(member, each, from),
  );
  if (!group) return undefined;
  const core = !isSmall(group) || random.chance(0.1);
  const { id } = begin(member, group, from, { id: bloc.number('pc'), worksFrom });
  return {
    path: '/assignment/assignments/bulk',
    body: {
      ...{ id, member: member.id, group: group.id, content: contentFor(bloc, group), from },
      ...(core && { role: 'core', massOrganisation: group.kind === 'youth' ? 'Hội Sinh viên' : 'Công đoàn' }),
      ...(!fits(member, group, from) && { override: { reason: 'Chi bộ thiếu đảng viên cùng đơn vị' } }),
    },
  };
}

const mayOverride = (member: Member, { committee }: Group): boolean =>
  member.cell !== undefined && isUnder(member.cell, committee);

function registrationWishes(bloc: Bloc, month: Month): Wish[] {
  const { random, schedule } = bloc;
  const wishes: Wish[] = [];
  const present = random.sample([...bloc.members], bloc.members.size);
  let missing = (schedule.selfRegistered[month.index] ?? 0) - present.filter(isSelfRegistered).length;
  for (const member of present) {
    if (missing <= 0) break;
    if (member.assignments.size >= MOST || isSelfRegistered(member)) continue;
    const on = month.on(18);
    const suits = (group: Group): boolean => group.since <= on && isSmall(group) && fits(member, group, on);
    const group = groupFor(bloc, member, suits);
    if (!group) continue;
    const declined = random.chance(DECLINED);
    if (!declined) missing -= 1;
    wishes.push(register(bloc, member, group, on, month.on(random.between(19, 20)), declined));
  }
  return wishes;
}

function register(bloc: Bloc, member: Member, group: Group, on: Day, answered: Day, declined: boolean): Wish {
  const id = bloc.number('pc');
  const registration = { id, member: member.id, group: group.id, content: contentFor(bloc, group), on };
  const path = '/assignment/registrations/bulk';
  if (declined) {
    member.groups.add(group);
    busy(member, answered);
    return { path, body: { ...registration, decline: { on: answered, reason: 'Nhóm đã đủ người phụ trách' } } };
  }
  begin(member, group, answered, { id, selfRegistered: true });
  return { path, body: { ...registration, approve: { on: answered } } };
}
