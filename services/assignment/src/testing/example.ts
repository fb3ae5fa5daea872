import {
  AssignmentId,
  emptyTree,
  evolveTree,
  GroupId,
  MemberId,
  type MemberLife,
  type OrganisationFact,
  OrganisationId,
  type OrganisationTree,
  type Stay,
} from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import type { Group } from '../group.ts';

export const day = (text: string): Day => Day.parse(text);
export const org = (id: string): OrganisationId => OrganisationId.parse(id);
export const memberId = (id: string): MemberId => MemberId.parse(id);
export const groupId = (id: string): GroupId => GroupId.parse(id);
export const assignmentId = (id: string): AssignmentId => AssignmentId.parse(id);

const registered = (id: string, kind: 'bloc' | 'committee' | 'cell', parent?: string): OrganisationFact => ({
  type: 'OrganisationRegistered',
  organisation: org(id),
  occurredAt: day('2004-01-01'),
  code: id,
  name: id,
  kind,
  parent: parent === undefined ? undefined : org(parent),
});

/** A bloc with a mill (cells weaving and dyeing) and a school (cell physics). */
export const organisations: readonly OrganisationFact[] = [
  registered('bloc', 'bloc'),
  registered('mill', 'committee', 'bloc'),
  registered('weaving', 'cell', 'mill'),
  registered('dyeing', 'cell', 'mill'),
  registered('school', 'committee', 'bloc'),
  registered('physics', 'cell', 'school'),
];
export const treeOf = (...more: readonly OrganisationFact[]): OrganisationTree =>
  [...organisations, ...more].reduce(evolveTree, emptyTree);
export const tree = treeOf();

export const stay = (cell: string, from: string, until?: string, workUnit?: string): Stay => ({
  cell: org(cell),
  from: day(from),
  until: until === undefined ? undefined : day(until),
  workUnit,
});

/** An official member, in the weaving shop since 2004 unless told. */
export const lifeOf = (
  id: string,
  stays = [stay('weaving', '2004-01-01')],
  more?: Partial<MemberLife>,
): MemberLife => ({
  member: memberId(id),
  code: id,
  admittedOn: day('2003-01-01'),
  officialOn: day('2004-01-01'),
  stays,
  exemptions: [],
  ...more,
});

/** Forty residents near the mill since 2004 unless told. */
export const groupOf = (id: string, more?: Partial<Group>): Group => ({
  group: groupId(id),
  code: id,
  name: id,
  kind: 'residents',
  organisation: org('mill'),
  from: day('2004-01-01'),
  counts: [{ from: day('2004-01-01'), headcount: 40, revision: 0 }],
  revision: 0,
  ...more,
});
