import type { GroupKind } from '@phancong/contracts';
import {
  type Bloc,
  busy,
  endAssignment,
  type Enterprise,
  type Group,
  joinedBy,
  type Organisation,
  type Wish,
} from './bloc.ts';
import type { Month } from './calendar.ts';
import { AT_WORK, GROUP_WORDS } from './places.ts';

/** Neighbourhoods whose people an enterprise reaches, beside its own work units. */
const NEIGHBOURHOODS = 4;
/** Of the groups, how many are counted again, or given up, in a month. */
const RECOUNTED = 0.01;
const CLOSED = 0.0006;

/** What is written down of groups in a month: a new work unit with a cell is a new group. */
export function groupWishes(bloc: Bloc, month: Month): Wish[] {
  const { random } = bloc;
  const formed = joinedBy(bloc).flatMap((enterprise) => formGroups(bloc, enterprise, month));
  const open = bloc.enterprises.flatMap(({ groups }) =>
    groups.filter((group) => group.open && group.since < month.on(1)),
  );
  const some = (part: number): Group[] => random.sample(open, Math.floor(open.length * part + random.next()));
  const recounted = some(RECOUNTED).map((group) => recount(bloc, group, month));
  const closed = some(CLOSED).filter(({ assignments }) => assignments.size < 4);
  return [...formed, ...recounted, ...closed.map((group) => close(group, month))];
}

function formGroups(bloc: Bloc, enterprise: Enterprise, month: Month): Wish[] {
  const [committee] = enterprise.organisations;
  if (!committee) return [];
  const kind = AT_WORK[enterprise.kind];
  const known = new Set(enterprise.groups.map(({ workUnit }) => workUnit));
  const cells = enterprise.organisations.filter(({ workUnit }) => workUnit !== undefined && !known.has(workUnit));
  const form = (of: GroupKind, name: string, workUnit?: string, neighbourhood?: string): Wish =>
    formed(bloc, enterprise, committee, month, { kind: of, name, workUnit, neighbourhood });
  const atWork = cells.map(({ workUnit = '' }) => form(kind, `${GROUP_WORDS[kind]} ${workUnit}`, workUnit));
  if (enterprise.groups.some(({ kind: of }) => of === 'residents')) return atWork;
  const neighbourhoods = Array.from({ length: NEIGHBOURHOODS }, (_, index) => {
    const name = `Khu phố ${index + 1}, phường ${bloc.random.between(1, 16)}, ${enterprise.province}`;
    return form('residents', `${GROUP_WORDS.residents} ${name}`, undefined, name);
  });
  // Without a work unit: for whoever is in the enterprise.
  const everyone = [
    form('youth', `Đoàn viên, thanh niên ${enterprise.name}`),
    form('workers', `Đoàn viên công đoàn ${enterprise.name}`),
  ];
  return [...atWork, ...neighbourhoods, ...everyone];
}

function formed(
  { random, number }: Bloc,
  enterprise: Enterprise,
  committee: Organisation,
  month: Month,
  {
    kind,
    name,
    workUnit,
    neighbourhood,
  }: { kind: GroupKind; name: string; workUnit?: string | undefined; neighbourhood?: string | undefined },
): Wish {
  const since = month.on(15);
  const headcount = kind === 'residents' ? random.between(80, 900) : random.between(12, 64);
  const group = {
    id: number('nh'),
    kind,
    committee,
    workUnit,
    since,
    headcount,
    open: true,
    assignments: new Set<never>(),
  };
  enterprise.groups.push(group);
  return {
    path: '/assignment/groups/bulk',
    body: {
      ...{
        id: group.id,
        code: group.id.toUpperCase(),
        name,
        kind,
        organisation: committee.id,
        workUnit,
        neighbourhood,
      },
      ...{ headcount, from: since },
    },
  };
}

function recount({ random }: Bloc, group: Group, month: Month): Wish {
  group.headcount = Math.max(5, Math.round(group.headcount * (0.8 + 0.4 * random.next())));
  return {
    path: `/assignment/groups/${group.id}/recount`,
    body: { headcount: group.headcount, on: month.on(16) },
  };
}

/** Its assignments end with it. */
function close(group: Group, month: Month): Wish {
  const on = month.on(16);
  group.open = false;
  for (const assignment of group.assignments) {
    busy(assignment.member, on);
    endAssignment(assignment);
  }
  return { path: `/assignment/groups/${group.id}/close`, body: { on } };
}
