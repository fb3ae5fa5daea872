import { given } from '@phancong/event-sourcing/testing';
import { type GroupCommand, groupDecider, type GroupEvent, headcountOn } from './group.ts';
import { day, groupId, org } from './testing/example.ts';

const group = groupId('weavers');
const fields = { group, code: 'CN-01', name: 'Công nhân tổ dệt', kind: 'workers', organisation: org('mill') } as const;
const formed: GroupEvent = { type: 'GroupFormed', occurredAt: day('2005-01-01'), ...fields, headcount: 40 };
const recounted = (on: string, headcount: number): GroupEvent => ({
  type: 'GroupRecounted',
  occurredAt: day(on),
  group,
  headcount,
});
const closed = (on: string): GroupEvent => ({ type: 'GroupClosed', occurredAt: day(on), group });
const recount = (on: string, headcount: number): GroupCommand => ({ type: 'recount', group, on: day(on), headcount });
const close = (on: string): GroupCommand => ({ type: 'close', group, on: day(on) });
const form: GroupCommand = { type: 'form', ...fields, headcount: 40, from: day('2005-01-01') };

describe('a group', () => {
  it('is formed', () => given(groupDecider).when(form).then([formed]));

  it('is formed once', () => given(groupDecider, [formed]).when(form).thenRefused('already-exists', { id: group }));

  it('is there before anything is done with it', () => {
    given(groupDecider).when(recount('2005-02-01', 1)).thenRefused('group-not-found', { id: group });
    given(groupDecider).when(close('2005-02-01')).thenRefused('group-not-found', { id: group });
  });

  it('is recounted on a day', () =>
    given(groupDecider, [formed])
      .when(recount('2006-01-01', 55))
      .then([recounted('2006-01-01', 55)]));

  it('is recounted late, for a day before the last count', () =>
    given(groupDecider, [formed, recounted('2008-01-01', 60)])
      .when(recount('2006-01-01', 55))
      .then([recounted('2006-01-01', 55)]));

  it('keeps a count that says the same, because one of an earlier day may still come', () =>
    given(groupDecider, [formed])
      .when(recount('2006-01-01', 40))
      .then([recounted('2006-01-01', 40)]));

  it('is not counted before it was formed, nor from the day on which it closed', () => {
    given(groupDecider, [formed])
      .when(recount('2004-12-31', 1))
      .thenRefused('group-not-open', { group, on: '2004-12-31' });
    given(groupDecider, [formed, closed('2009-01-01')])
      .when(recount('2009-01-01', 1))
      .thenRefused('group-closed', { group, on: '2009-01-01' });
  });

  it('is counted late, for a day before it closed', () =>
    given(groupDecider, [formed, closed('2009-01-01')])
      .when(recount('2008-12-31', 9))
      .then([recounted('2008-12-31', 9)]));

  it('closes', () =>
    given(groupDecider, [formed])
      .when(close('2009-01-01'))
      .then([closed('2009-01-01')]));

  it('closes once', () =>
    given(groupDecider, [formed, closed('2009-01-01')])
      .when(close('2010-01-01'))
      .thenRefused('group-closed', { group, on: '2009-01-01' }));

  it('does not close before what is already recorded, and says what that is', () => {
    given(groupDecider, [formed, recounted('2008-01-01', 60)])
      .when(close('2007-01-01'))
      .thenRefused('conflicts-with-later-entry', { type: 'GroupRecounted', occurredAt: '2008-01-01', revision: 1 });
    given(groupDecider, [formed, closed('2009-01-01')])
      .when(close('2008-01-01'))
      .thenRefused('conflicts-with-later-entry', { type: 'GroupClosed', occurredAt: '2009-01-01', revision: 1 });
  });

  it('has on each day the people last counted, whatever order the counts came in', () => {
    const events = [formed, recounted('2008-01-01', 60), recounted('2006-01-01', 55), recounted('2006-01-01', 56)];
    const state = events.reduce(groupDecider.evolve, groupDecider.initialState);
    const counted = ['2004-01-01', '2005-12-31', '2006-01-01', '2007-12-31', '2008-01-01'].map((on) =>
      state ? headcountOn(state, day(on)) : undefined,
    );
    expect(counted).toEqual([40, 40, 56, 56, 60]);
  });
});
