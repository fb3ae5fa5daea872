import { MemberId, OrganisationId } from '@phancong/contracts';
import { Day, fold, Refusal } from '@phancong/event-sourcing';
import { memberDecider } from './member.ts';
import type { MemberCommand } from './member-command.ts';
import type { Member } from './member-state.ts';
import type { OrganisationEvent } from './organisation-event.ts';
import { organisationTree } from './organisation-tree.ts';
import { noOrganisations, type Organisations } from './organisations.ts';

const day = (text: string) => Day.parse(text);
const cell = (text: string) => OrganisationId.parse(text);

const registered: readonly OrganisationEvent[] = ['x', 'y1', 'y2', 'y3', 'z1', 'z2'].map((id) => ({
  ...{ type: 'OrganisationRegistered', organisation: cell(id), occurredAt: day('2004-01-01') },
  ...{ code: id, name: id, kind: 'cell' },
}));
const treeWith = (...mergers: readonly (readonly [string, string, string])[]) =>
  fold(organisationTree, noOrganisations, [
    ...registered,
    ...mergers.map(([id, into, on]) => ({
      ...{ type: 'OrganisationMerged' as const, organisation: cell(id), occurredAt: day(on), into: cell(into) },
    })),
  ]);
const organisations = treeWith(['y1', 'y2', '2015-01-01']);

const admitted = (to: string, tree = organisations): MemberCommand => ({
  ...{ type: 'admit', member: MemberId.parse('lan'), code: '79.1', cell: cell(to), sealed: 'lan' },
  ...{ standing: 'probationary', admittedOn: day('2005-01-01'), organisations: tree },
});
const transfer = (
  to: string,
  on: string,
  more: { readonly workUnit?: string; readonly organisations?: Organisations } = {},
): MemberCommand => ({ ...{ type: 'transfer', cell: cell(to), on: day(on), organisations }, ...more });
const leave = (on: string): MemberCommand => ({ type: 'leave', on: day(on), reason: 'resigned' });
const exempt = (from: string): MemberCommand => ({ type: 'exempt', from: day(from), sealed: 'ốm' });
const endExemption = (on: string): MemberCommand => ({ type: 'end-exemption', on: day(on) });
const officialise = (on: string): MemberCommand => ({ type: 'officialise', on: day(on) });
const follow: MemberCommand = { type: 'follow', organisations };

const give = (state: Member | undefined, command: MemberCommand) =>
  fold(memberDecider, state, memberDecider.decide(command, state));
const after = (...commands: readonly MemberCommand[]) => commands.reduce(give, memberDecider.initialState);
const stays = (state: Member | undefined) =>
  state?.life.stays.map(({ cell: id, from, workUnit }) => [id, workUnit, from].filter(Boolean).join(' '));
const told = (...commands: readonly MemberCommand[]) => stays(after(...commands));

/** The code and facts with which the last one is refused after the others; `undefined` when it is accepted. */
function refusal(...commands: readonly MemberCommand[]) {
  const state = after(...commands.slice(0, -1));
  try {
    commands.slice(-1).forEach((command) => memberDecider.decide(command, state));
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code, ...error.facts };
  }
}

describe('a transfer on the day of a merger that a person decided', () => {
  const before = [admitted('y1'), transfer('z1', '2015-01-01')];
  it('stays when an earlier transfer is told late', () => {
    expect(told(...before, transfer('z2', '2014-01-01'))).toEqual(['y1 2005-01-01', 'z2 2014-01-01', 'z1 2015-01-01']);
  });
  it('stands against a leaving that is told for an earlier day', () => {
    expect(refusal(...before, leave('2014-01-01'))).toEqual({
      ...{ code: 'conflicts-with-later-entry', type: 'MemberTransferred', occurredAt: '2015-01-01', revision: 2 },
    });
  });
  it('stays when the first cell is corrected', () => {
    const correct: MemberCommand = {
      ...{ type: 'correct', today: day('2016-01-01'), life: { cell: cell('z2') }, sealed: '', organisations },
    };
    expect(told(...before, correct)).toEqual(['z2 2005-01-01', 'z1 2015-01-01']);
  });
  it('stays when the merger was told after it, and the member was sent on', () => {
    const early = admitted('x', treeWith());
    const decided = transfer('y1', '2016-01-01', { organisations: treeWith() });
    expect(told(early, decided, follow, transfer('z2', '2014-01-01'))).toEqual([
      ...['x 2005-01-01', 'z2 2014-01-01', 'y2 2016-01-01'],
    ]);
  });
});

describe('a move that only followed a merged cell', () => {
  it('goes when the member was no longer in that cell, whichever cell was merged that day', () => {
    const both = treeWith(['y1', 'y2', '2015-01-01'], ['z1', 'y2', '2015-01-01']);
    const through = (to: string, on: string) => transfer(to, on, { organisations: both });
    const state = after(admitted('y1', both), through('z1', '2014-01-01'));
    expect(stays(state)).toEqual(['y1 2005-01-01', 'z1 2014-01-01', 'y2 2015-01-01']);
    expect(stays(give(state, through('z2', '2014-06-01')))).toEqual([
      ...['y1 2005-01-01', 'z1 2014-01-01', 'z2 2014-06-01'],
    ]);
  });
  it('goes when the member left on the very day of the merger', () => {
    expect(told(admitted('y1'), leave('2015-01-01'))).toEqual(['y1 2005-01-01']);
  });
  it('goes with those that followed it', () => {
    const chain = treeWith(['y1', 'y2', '2015-01-01'], ['y2', 'y3', '2016-01-01']);
    const state = after(admitted('y1', chain));
    expect(stays(state)).toEqual(['y1 2005-01-01', 'y2 2015-01-01', 'y3 2016-01-01']);
    expect(stays(give(state, transfer('z1', '2015-01-01', { organisations: chain })))).toEqual([
      ...['y1 2005-01-01', 'z1 2015-01-01'],
    ]);
  });
});

describe('a transfer to where the member is on its day', () => {
  const there = [admitted('x'), transfer('x', '2010-01-01')];
  it('stays true when an earlier transfer is told late', () => {
    expect(told(...there, transfer('z1', '2008-01-01'))).toEqual(['x 2005-01-01', 'z1 2008-01-01', 'x 2010-01-01']);
  });
  it('stands against a leaving that is told for an earlier day', () => {
    expect(refusal(...there, leave('2009-01-01'))).toEqual({
      ...{ code: 'conflicts-with-later-entry', type: 'MemberTransferred', occurredAt: '2010-01-01', revision: 1 },
    });
  });
  it('makes the move with a merged cell one that was decided', () => {
    const before = [admitted('y1'), transfer('y2', '2015-01-01')];
    expect(told(...before, transfer('z2', '2014-01-01'))).toEqual(['y1 2005-01-01', 'z2 2014-01-01', 'y2 2015-01-01']);
  });
  it('says the whole place: without a work unit none is known there', () => {
    const unit = transfer('x', '2008-01-01', { workUnit: 'Tổ 2' });
    const inOrder = told(admitted('x'), unit, transfer('x', '2010-01-01'));
    expect(inOrder).toEqual(['x 2005-01-01', 'x Tổ 2 2008-01-01', 'x 2010-01-01']);
    expect(told(...there, unit)).toEqual(inOrder);
  });
  it('changes nothing when it was told before', () => {
    expect(after(...there, transfer('x', '2010-01-01'))?.entries).toHaveLength(2);
    expect(after(...there, transfer('z1', '2010-01-01'), transfer('x', '2010-01-01'))?.entries).toHaveLength(4);
  });
});

describe('ending an exemption twice', () => {
  const exempted = [admitted('x'), exempt('2006-01-01')];
  it('is refused in either order of telling', () => {
    expect(refusal(...exempted, endExemption('2007-01-01'), endExemption('2008-01-01'))).toEqual({
      ...{ code: 'not-exempt', on: '2008-01-01' },
    });
    expect(refusal(...exempted, endExemption('2008-01-01'), endExemption('2007-01-01'))).toEqual({
      ...{ code: 'conflicts-with-later-entry', type: 'MemberExemptionEnded', occurredAt: '2008-01-01', revision: 2 },
    });
  });
  it('ends a planned one earlier, or takes one back on its first day', () => {
    const planned = { ...exempt('2006-01-01'), until: day('2008-01-01') };
    expect(after(admitted('x'), planned, endExemption('2007-01-01'))?.life.exemptions).toEqual([
      { from: '2006-01-01', until: '2007-01-01' },
    ]);
    const takenBack = [...exempted, endExemption('2006-01-01')];
    expect(after(...takenBack)?.life.exemptions).toEqual([]);
    expect(refusal(...takenBack, exempt('2005-06-01'), endExemption('2005-12-01'))).toBeUndefined();
  });
});

describe('the day of leaving', () => {
  it.each([
    ['MemberOfficialised', officialise('2008-01-01')],
    ['MemberTransferred', transfer('z1', '2008-01-01')],
    ['MemberTransferred', transfer('x', '2008-01-01')],
    ['MemberExempted', exempt('2008-01-01')],
  ])('is a day on which nothing else can happen, told before or after it: %s', (type, command) => {
    expect(refusal(admitted('x'), leave('2008-01-01'), command)).toEqual({ code: 'member-left', on: '2008-01-01' });
    expect(refusal(admitted('x'), command, leave('2008-01-01'))).toEqual({
      ...{ code: 'conflicts-with-later-entry', type, occurredAt: '2008-01-01', revision: 1 },
    });
  });
  it.each(['2008-01-01', '2009-01-01'])('comes after the end of an exemption that was told for %s', (on) => {
    const exempted = [admitted('x'), exempt('2006-01-01')];
    expect(refusal(...exempted, leave('2008-01-01'), endExemption(on))).toMatchObject({ code: 'member-left' });
    expect(refusal(...exempted, endExemption(on), leave('2008-01-01'))).toEqual({
      ...{ code: 'conflicts-with-later-entry', type: 'MemberExemptionEnded', occurredAt: on, revision: 2 },
    });
  });
});
