import {
  AssignmentId,
  type AssignmentTerms,
  GroupId,
  type GroupKind,
  MemberId,
  type MemberLife,
  OrganisationId,
  type Origin,
} from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { coverageOf } from './member-coverage.ts';

const day = (text: string) => Day.parse(text);
const span = (from: string, until?: string) => ({ from: day(from), ...(until !== undefined && { until: day(until) }) });
const stay = (cell: string, from: string, until?: string) => ({
  cell: OrganisationId.parse(cell),
  ...span(from, until),
});
const life = (stays: MemberLife['stays'], exemptions: MemberLife['exemptions'] = []): MemberLife => ({
  ...{ member: MemberId.parse('an'), code: 'an', admittedOn: day('2004-01-01') },
  ...{ stays, exemptions },
});
const terms = (groupKind: GroupKind, origin: Origin, from: string, until?: string): AssignmentTerms => ({
  ...{ assignment: AssignmentId.parse('a'), group: GroupId.parse('g'), groupKind, origin },
  ...{ ...span(from, until), suspensions: [] },
});
const told = (...args: Parameters<typeof coverageOf>) =>
  coverageOf(...args).map(({ cell, day, figures }) => [cell, day, figures]);

describe('a member in the coverage of cells', () => {
  it('is nothing before there is a life', () => expect(coverageOf(undefined, [])).toEqual([]));

  it('is due from the first day in a cell until the day of leaving', () => {
    expect(told(life([stay('one', '2004-01-01', '2006-03-01')]), [])).toEqual([
      ['one', '2004-01-01', { due: 1 }],
      ['one', '2006-03-01', { due: -1 }],
    ]);
  });

  it('takes an assignment along to the next cell', () => {
    const moved = life([stay('one', '2004-01-01', '2006-03-01'), stay('two', '2006-03-01')]);
    const covered = { due: 1, assigned: 1, 'assigned:workers': 1 };
    expect(told(moved, [terms('workers', 'assigned', '2003-01-01')])).toEqual([
      ['one', '2004-01-01', covered],
      ['one', '2006-03-01', { due: -1, assigned: -1, 'assigned:workers': -1 }],
      ['two', '2006-03-01', covered],
    ]);
  });

  it('is one covered member with two assignments, and counts by each kind', () => {
    const two = [terms('workers', 'assigned', '2005-01-01'), terms('youth', 'both', '2005-02-01')];
    expect(told(life([stay('one', '2004-01-01')]), two)).toEqual([
      ['one', '2004-01-01', { due: 1 }],
      ['one', '2005-01-01', { assigned: 1, 'assigned:workers': 1 }],
      ['one', '2005-02-01', { 'assigned:youth': 1, selfRegistered: 1, 'selfRegistered:youth': 1 }],
    ]);
  });

  it('changes nothing on the day on which one assignment follows another of the same kind', () => {
    const two = [terms('workers', 'assigned', '2005-01-01', '2006-01-01'), terms('workers', 'assigned', '2006-01-01')];
    expect(told(life([stay('one', '2004-01-01')]), two).map(([, on]) => on)).toEqual(['2004-01-01', '2005-01-01']);
  });

  it('is not covered while suspended, and counts as exempt while exempt', () => {
    const suspended = { ...terms('youth', 'assigned', '2003-01-01'), suspensions: [span('2005-01-01', '2005-02-01')] };
    const covered = { assigned: 1, 'assigned:youth': 1 };
    const uncovered = { assigned: -1, 'assigned:youth': -1 };
    expect(told(life([stay('one', '2004-01-01')], [span('2006-01-01')]), [suspended])).toEqual([
      ['one', '2004-01-01', { due: 1, ...covered }],
      ['one', '2005-01-01', uncovered],
      ['one', '2005-02-01', covered],
      ['one', '2006-01-01', { 'exempt:due': 1, 'exempt:assigned': 1, 'exempt:assigned:youth': 1 }],
    ]);
  });

  it('is nothing in a cell that was left on the first day', () => {
    expect(told(life([stay('one', '2004-01-01', '2004-01-01')]), [])).toEqual([]);
  });
});
