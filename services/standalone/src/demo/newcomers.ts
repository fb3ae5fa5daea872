import { Day } from '@phancong/event-sourcing';
import {
  type Bloc,
  busy,
  cellsOf,
  type Enterprise,
  joinedBy,
  type Member,
  type Organisation,
  postpone,
  type Wish,
} from './bloc.ts';
import { laterDay, type Month } from './calendar.ts';
import { EXPERTISE, JOBS, nameOf } from './people.ts';
import { type Random } from './random.ts';

const two = (count: number): string => String(count).padStart(2, '0');
const dayOf = (random: Random, year: number): Day =>
  Day.parse(`${year}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`);
const yearsLater = (day: Day, years: number): Day => Day.parse(`${Number(day.slice(0, 4)) + years}${day.slice(4)}`);

const roomIn = (enterprise: Enterprise): number => {
  const cells = cellsOf(enterprise);
  return cells.length ** 2 / (cells.length + cells.reduce((sum, { members }) => sum + members.size, 0));
};

/** A cell with room: the emptier of two, in an enterprise chosen by how many it has, and how full they are. */
export function cellWithRoom(bloc: Bloc): Organisation {
  const { random } = bloc;
  const cells = cellsOf(random.weighted(joinedBy(bloc), roomIn));
  const [one, other] = [random.pick(cells), random.pick(cells)];
  return one.members.size <= other.members.size ? one : other;
}

/** Someone who is a party member already, and whose file comes to a cell of the bloc. */
export function register(bloc: Bloc, from: Day, month: Month): Wish {
  const { random } = bloc;
  const cell = cellWithRoom(bloc);
  const probationary = random.chance(0.06);
  const admittedOn = probationary
    ? dayOf(random, Number(from.slice(0, 4)) - 1)
    : dayOf(random, Number(from.slice(0, 4)) - random.between(3, 34));
  const officialOn = probationary ? undefined : yearsLater(admittedOn, 1);
  const birthDate = dayOf(random, Number(admittedOn.slice(0, 4)) - random.between(20, 34));
  const expertise = cell.enterprise?.kind !== 'company' || random.chance(0.3);
  const member = enter(bloc, bloc.number('dv'), cell, from, expertise);
  member.officialOn = officialOn;
  member.workUnit = cell.workUnit;
  if (probationary) officialiseLater(bloc, member, month.index + random.between(1, 11), from);
  return {
    path: '/membership/members/bulk',
    body: {
      id: member.id,
      code: codeOf(member),
      name: nameOf(random),
      birthDate,
      cell: cell.id,
      standing: probationary ? 'probationary' : 'official',
      admittedOn,
      officialOn,
      workUnit: cell.workUnit,
      ...background(bloc, member, cell),
      from,
    },
  };
}

/** The number of the member's card. */
export const codeOf = ({ id }: Member): string => `25.${id.slice(3).padStart(6, '0')}`;

export const background = ({ random }: Bloc, { expertise }: Member, { enterprise }: Organisation) => {
  const kind = enterprise?.kind ?? 'company';
  const job = random.pick<string>(JOBS[kind]);
  const residence = `Khu phố ${random.between(1, 9)}, phường ${random.between(1, 16)}, ${enterprise?.province}`;
  return { job, residence, ...(expertise && { expertise: random.pick<string>(EXPERTISE[kind]) }) };
};

/** @param expertise whether the member's is known */
export function enter(bloc: Bloc, id: string, cell: Organisation, joined: Day, expertise: boolean): Member {
  const member: Member = {
    ...{ id, cell, expertise, joined, since: joined, busyUntil: joined, exempt: false },
    ...{ assignments: new Set(), groups: new Set() },
  };
  cell.members.add(member);
  bloc.members.add(member);
  return member;
}

/** An admission tells nothing of work: the file of some who were admitted is completed a little later. */
export function completeLater(bloc: Bloc, member: Member, month: number): void {
  unlessMoving(bloc, member, month, (on, cell) => {
    if (member.since !== member.joined) return [];
    busy(member, on);
    member.workUnit = cell.workUnit;
    member.expertise = true;
    const { job, expertise } = background(bloc, member, cell);
    const reason = 'Bổ sung đơn vị công tác, chuyên môn';
    const body = { id: member.id, workUnit: cell.workUnit, job, expertise, reason };
    return [{ path: '/membership/members/bulk-correct', body }];
  });
}

/** A probationary member becomes an official one in a later month, if still here. */
export function officialiseLater(bloc: Bloc, member: Member, month: number, notBefore: Day): void {
  unlessMoving(bloc, member, month, (on) => {
    const official = laterDay(on, notBefore);
    member.officialOn = official;
    busy(member, official);
    return [{ path: '/membership/members/bulk-officialise', body: { id: member.id, on: official } }];
  });
}

/** In that month, if the member is still here; a month later, if the member has something else to do in it. */
function unlessMoving(
  bloc: Bloc,
  member: Member,
  month: number,
  wishes: (on: Day, cell: Organisation) => readonly Wish[],
): void {
  postpone(bloc, 'members', month, (on) => {
    if (!member.cell) return [];
    if (member.since.slice(0, 7) !== on.slice(0, 7)) return wishes(on, member.cell);
    unlessMoving(bloc, member, month + 1, wishes);
    return [];
  });
}
