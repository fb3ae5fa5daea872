import { addDays, type Day } from '@phancong/event-sourcing';
import {
  type Bloc,
  busy,
  cellsOf,
  joinedBy,
  type Member,
  moveMember,
  type Organisation,
  postponed,
  removeMember,
  type Wish,
} from './bloc.ts';
import type { Month } from './calendar.ts';
import { fits, isSmall, takeOver } from './matching.ts';
import { register } from './newcomers.ts';
import type { Reorganisation } from './organisation-plan.ts';
import { nameOf } from './people.ts';

/** Of the members, how many leave or move in a month, and how many files are put in order. */
const LEAVING = 0.0055;
const MOVING = 0.002;
const CORRECTED = 0.001;
const EXEMPTED = 0.0004;
/** Of the entries about leaving and moving, how many come weeks late. */
const LATE = 0.08;

const REASONS = [
  ...Array.from({ length: 62 }, () => 'transferred-out'),
  ...Array.from({ length: 17 }, () => 'died'),
  ...Array.from({ length: 12 }, () => 'removed'),
  ...Array.from({ length: 6 }, () => 'resigned'),
  ...Array.from({ length: 3 }, () => 'expelled'),
];

/** What is written down of members in a month; of each one entry at most. */
export function memberWishes(bloc: Bloc, month: Month, { transfers }: Reorganisation): Wish[] {
  const { random, members } = bloc;
  const before = members.size;
  const today = (): Day => month.on(random.between(6, 12));
  const choose = (count: number): Member[] => {
    const free = [...members].filter(({ busyUntil }) => busyUntil < month.on(6));
    return random.sample(free, Math.floor(count + random.next()));
  };
  const some = (count: number, wishes: (member: Member, on: Day) => Wish | Wish[]): Wish[] =>
    choose(count).flatMap((member) => wishes(member, today()));
  const { leaving, arriving } = balance(bloc, month, before);
  return [
    // First of all: a cell that is dissolved must not keep anyone.
    ...transfers.flatMap(({ member, to }) => (member.since < month.on(6) ? transfer(member, to, today()) : [])),
    ...postponed(bloc, 'members', month.index, month.on(12)),
    ...leaves(bloc, choose(leaving), today),
    ...some(before * MOVING, (member, on) => move(bloc, member, on)),
    ...some(before * CORRECTED, (member, on) => correct(bloc, member, on)),
    ...some(before * EXEMPTED, (member, on) => exempt(bloc, member, on)),
    ...Array.from({ length: arriving }, () => register(bloc, month.index === 0 ? month.on(2) : today(), month)),
  ];
}

/** So many leave and arrive that, with those admitted, the month ends as scheduled. */
function balance({ schedule }: Bloc, month: Month, before: number): { leaving: number; arriving: number } {
  const usual = Math.round(before * LEAVING);
  const admitted = schedule.admitted[month.index] ?? 0;
  const missing = (schedule.members[month.index] ?? 0) - (before - usual + admitted);
  return missing >= 0 ? { leaving: usual, arriving: missing } : { leaving: usual - missing, arriving: 0 };
}

/** The day, or for some entries one weeks earlier; never before something else that is told of the member. */
function sometimesLate({ random }: Bloc, day: Day, after: Day): Day {
  const early = addDays(day, -random.between(20, 50));
  return random.chance(LATE) && early > after ? early : day;
}

const about = ({ id }: Member, verb: string, body: Wish['body']): Wish => ({
  path: `/membership/members/bulk-${verb}`,
  body: { id, ...body },
});

function transfer(member: Member, to: Organisation, on: Day): Wish {
  moveMember(member, to, on, to.workUnit);
  return about(member, 'transfer', { cell: to.id, on, workUnit: to.workUnit });
}

function move(bloc: Bloc, member: Member, on: Day): Wish {
  const { random } = bloc;
  const own = member.cell?.enterprise;
  const enterprise = own && random.chance(0.7) ? own : random.pick(joinedBy(bloc));
  const to = random.pick(cellsOf(enterprise).filter((cell) => cell !== member.cell));
  return transfer(member, to, sometimesLate(bloc, on, to.since > member.busyUntil ? to.since : member.busyUntil));
}

/** Some hand over to a colleague who stays. */
function leaves(bloc: Bloc, leaving: readonly Member[], today: () => Day): Wish[] {
  const gone = new Set(leaving);
  return leaving.map((member) => {
    const on = sometimesLate(bloc, today(), member.busyUntil);
    const reason = bloc.random.pick(REASONS);
    const successor = bloc.random.chance(0.1) ? successorOf(bloc, member, on, gone) : undefined;
    removeMember(bloc, member);
    return about(member, 'leave', { on, reason, ...(successor && { successor: successor.id }) });
  });
}

/** A colleague from the cell takes over the one assignment that the member has. */
function successorOf({ random }: Bloc, member: Member, on: Day, gone: ReadonlySet<Member>): Member | undefined {
  const [assignment, ...others] = member.assignments;
  if (!assignment || !member.cell || assignment.suspended || others.length > 0) return undefined;
  const { group } = assignment;
  const able = [...member.cell.members].filter(
    (other) =>
      !gone.has(other) &&
      other.busyUntil < on &&
      other.assignments.size < 2 &&
      !other.groups.has(group) &&
      isSmall(group) &&
      fits(other, group, on),
  );
  const [successor] = random.sample(able, 1);
  if (successor) takeOver(assignment, successor, on);
  return successor;
}

/** Something in the file was wrong. */
function correct({ random }: Bloc, member: Member, on: Day): Wish {
  busy(member, on);
  const [body, reason] = random.pick([
    [{ name: nameOf(random) }, 'Sửa họ tên theo giấy khai sinh'],
    [{ job: 'Chuyên viên' }, 'Cập nhật chức danh'],
    [{ residence: `Khu phố ${random.between(1, 9)}, ${member.cell?.enterprise?.province}` }, 'Cập nhật nơi cư trú'],
  ]);
  return about(member, 'correct', { ...body, reason });
}

/** Once a member. */
function exempt({ random }: Bloc, member: Member, from: Day): Wish[] {
  if (member.exempt) return [];
  member.exempt = true;
  busy(member, from);
  return random.chance(0.5)
    ? [about(member, 'exempt', { from, until: addDays(from, random.between(90, 400)), reason: 'Điều trị bệnh' })]
    : [about(member, 'exempt', { from, reason: 'Tuổi cao, sức yếu' })];
}
