import { Day } from '@phancong/event-sourcing';
import type { AssignmentTerms } from './assignment.ts';
import { activeOn, type BookFact, evolveTerms } from './assignment-terms.ts';
import { AssignmentId, GroupId, MemberId } from './ids.ts';

const day = (text: string) => Day.parse(text);
const about = { member: MemberId.parse('an'), assignment: AssignmentId.parse('a1') };
const at = (on: string) => ({ ...about, occurredAt: day(on) });

const made: BookFact = {
  ...at('2008-01-01'),
  type: 'AssignmentMade',
  group: GroupId.parse('g1'),
  groupKind: 'workers',
  origin: 'assigned',
  role: 'direct',
};
const after = (...facts: BookFact[]): AssignmentTerms => {
  const [terms] = facts.reduce<readonly AssignmentTerms[]>(evolveTerms, []);
  if (!terms) throw new Error('no assignment');
  return terms;
};
const days = (terms: AssignmentTerms, ...texts: string[]) => texts.map((text) => activeOn(terms, day(text)));

describe('the terms of an assignment', () => {
  it('are active from the first day', () => {
    expect(days(after(made), '2007-12-31', '2008-01-01', '2020-01-01')).toEqual([false, true, true]);
  });

  it('end on a day that no longer counts', () => {
    const terms = after(made, { ...at('2009-01-01'), type: 'AssignmentEnded' });
    expect(days(terms, '2008-12-31', '2009-01-01')).toEqual([true, false]);
  });

  it('are moved forward by an earlier end, never back by a later one', () => {
    const ended = (on: string): BookFact => ({ ...at(on), type: 'AssignmentEnded' });
    expect(after(made, ended('2009-01-01'), ended('2008-06-01')).until).toBe('2008-06-01');
    expect(after(made, ended('2008-06-01'), ended('2009-01-01')).until).toBe('2008-06-01');
  });

  it('are not active while suspended, and are again on the day of resuming', () => {
    const terms = after(
      made,
      { ...at('2008-03-01'), type: 'AssignmentSuspended' },
      { ...at('2008-05-01'), type: 'AssignmentResumed' },
    );
    expect(days(terms, '2008-02-29', '2008-03-01', '2008-04-30', '2008-05-01')).toEqual([true, false, false, true]);
  });

  it('never were, when the end is the first day', () => {
    expect(days(after(made, { ...at('2008-01-01'), type: 'AssignmentEnded' }), '2008-01-01')).toEqual([false]);
  });

  it('end with a hand-over', () => {
    const handedOver: BookFact = {
      ...at('2010-01-01'),
      type: 'AssignmentHandedOver',
      to: MemberId.parse('binh'),
      successor: AssignmentId.parse('a2'),
    };
    expect(after(made, handedOver).until).toBe('2010-01-01');
  });

  it('are replaced whole by a correction', () => {
    const terms = { ...after(made), from: day('2007-06-01') };
    expect(after(made, { ...at('2007-06-01'), type: 'AssignmentCorrected', terms })).toEqual(terms);
  });

  it('are not touched by what concerns another assignment', () => {
    const other: BookFact = { ...at('2008-02-01'), assignment: AssignmentId.parse('a9'), type: 'AssignmentEnded' };
    expect(after(made, other)).toEqual(after(made));
  });
});
