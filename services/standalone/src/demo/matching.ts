import type { Day } from '@phancong/event-sourcing';
import { type Assignment, type Bloc, busy, endAssignment, type Group, isUnder, type Member } from './bloc.ts';

/** Groups with more people than this ask for members in the core of a mass organisation. */
const CORE_ABOVE = 50;

/** Whether the default policy has nothing to say against this member for this group. */
export function fits(member: Member, group: Group, on: Day): boolean {
  if (group.kind === 'residents') return true;
  if (!member.cell || !isUnder(member.cell, group.committee)) return false;
  if (group.kind === 'researchers') {
    return member.expertise && member.officialOn !== undefined && member.officialOn <= on;
  }
  return group.workUnit === undefined || group.workUnit === member.workUnit;
}

/** Members need not be in the core of a mass organisation for it. */
export const isSmall = ({ kind, headcount }: Group): boolean => kind === 'residents' || headcount <= CORE_ABOVE;

/** A group of the member's own enterprise that the member never had; `undefined` when there is none left. */
export function groupFor({ random }: Bloc, member: Member, suits: (group: Group) => boolean): Group | undefined {
  const groups = member.cell?.enterprise?.groups.filter(
    (group) => group.open && !member.groups.has(group) && suits(group),
  );
  if (!groups || groups.length === 0) return undefined;
  return random.weighted(groups, ({ kind }) => (kind === 'residents' ? 1 : 3));
}

/** Notes an assignment that begins; nothing is done for it before `worksFrom`, its first day unless told. */
export function begin(
  member: Member,
  group: Group,
  from: Day,
  told: { readonly id?: string; readonly selfRegistered?: boolean; readonly worksFrom?: Day },
): Assignment {
  const { id, selfRegistered = false, worksFrom = from } = told;
  const assignment: Assignment = { id, member, group, selfRegistered, worksFrom, suspended: false };
  member.assignments.add(assignment);
  member.groups.add(group);
  group.assignments.add(assignment);
  busy(member, from);
  return assignment;
}

/** The colleague goes on with the group; the service names the new assignment. */
export function takeOver(assignment: Assignment, successor: Member, on: Day): void {
  endAssignment(assignment);
  begin(successor, assignment.group, on, {});
}
