import { Day } from '@phancong/event-sourcing';
import { MemberId, OrganisationId } from './ids.ts';
import { evolveLife, type MemberFact, stayOn } from './member-life.ts';
import type { MemberLife } from './membership.ts';

const day = (text: string) => Day.parse(text);
const cell = (id: string) => OrganisationId.parse(id);
const member = MemberId.parse('an');

const admitted: MemberFact = {
  type: 'MemberAdmitted',
  member,
  code: '0001',
  cell: cell('one'),
  admittedOn: day('2004-01-01'),
  occurredAt: day('2004-01-01'),
};
const transferred = (to: string, on: string): MemberFact => ({
  type: 'MemberTransferred',
  member,
  from: cell('one'),
  to: cell(to),
  occurredAt: day(on),
});
const left = (on: string): MemberFact => ({ type: 'MemberLeft', member, reason: 'resigned', occurredAt: day(on) });

const lifeAfter = (...facts: MemberFact[]): MemberLife => {
  const life = facts.reduce<MemberLife | undefined>(evolveLife, undefined);
  if (!life) throw new Error('no life');
  return life;
};
const cells = (life: MemberLife) => life.stays.map((stay) => `${stay.cell} ${stay.from}–${stay.until ?? ''}`);

describe('the life of a member', () => {
  it('begins in the cell of admission', () => {
    expect(cells(lifeAfter(admitted))).toEqual(['one 2004-01-01–']);
  });

  it('knows nothing of a member whose admission was not heard of', () => {
    expect(evolveLife(undefined, left('2005-01-01'))).toBeUndefined();
  });

  it('moves on the day of a transfer: that day belongs to the new cell', () => {
    const life = lifeAfter(admitted, transferred('two', '2006-03-01'));
    expect(cells(life)).toEqual(['one 2004-01-01–2006-03-01', 'two 2006-03-01–']);
    expect(stayOn(life, day('2006-02-28'))?.cell).toBe('one');
    expect(stayOn(life, day('2006-03-01'))?.cell).toBe('two');
  });

  it('takes in a transfer that is told late: the later one keeps its day', () => {
    const life = lifeAfter(admitted, transferred('three', '2008-01-01'), transferred('two', '2006-01-01'));
    expect(cells(life)).toEqual(['one 2004-01-01–2006-01-01', 'two 2006-01-01–2008-01-01', 'three 2008-01-01–']);
  });

  it('keeps only the last of two transfers on one day', () => {
    const life = lifeAfter(admitted, transferred('two', '2006-01-01'), transferred('three', '2006-01-01'));
    expect(cells(life)).toEqual(['one 2004-01-01–2006-01-01', 'three 2006-01-01–']);
  });

  it('is no longer in a cell on the day of leaving, also when an earlier transfer is told afterwards', () => {
    const life = lifeAfter(admitted, left('2010-05-05'), transferred('two', '2007-01-01'));
    expect(cells(life)).toEqual(['one 2004-01-01–2007-01-01', 'two 2007-01-01–2010-05-05']);
    expect(stayOn(life, day('2010-05-05'))).toBeUndefined();
  });

  it('never was in a cell when the member left on the first day', () => {
    expect(cells(lifeAfter(admitted, left('2004-01-01')))).toEqual([]);
  });

  it('ends the exemption that covers the day', () => {
    const exempted = (from: string, until?: string): MemberFact => ({
      type: 'MemberExempted',
      member,
      until: until === undefined ? undefined : day(until),
      occurredAt: day(from),
    });
    const ended: MemberFact = { type: 'MemberExemptionEnded', member, occurredAt: day('2009-06-01') };
    const life = lifeAfter(admitted, exempted('2009-01-01'), exempted('2005-01-01', '2005-07-01'), ended);
    expect(life.exemptions).toEqual([
      { from: '2005-01-01', until: '2005-07-01' },
      { from: '2009-01-01', until: '2009-06-01' },
    ]);
  });

  it('is replaced whole by a correction', () => {
    const life = { ...lifeAfter(admitted), code: '0002', admittedOn: day('2003-01-01') };
    const corrected: MemberFact = { type: 'MemberCorrected', member, life, occurredAt: day('2003-01-01') };
    expect(lifeAfter(admitted, transferred('two', '2006-01-01'), corrected)).toEqual(life);
  });

  it('outlasts the erasure of the person', () => {
    const erased: MemberFact = { type: 'MemberErased', member, occurredAt: day('2012-01-01') };
    expect(lifeAfter(admitted, erased)).toEqual(lifeAfter(admitted));
  });
});
