import { evolveLife, type AssignmentTerms, type MemberFact, type MemberLife } from '@phancong/contracts';
import type { Group } from './group.ts';
import { type Cut, cutOf, delayed } from './settlement.ts';
import { assignmentId, day, groupId, groupOf, lifeOf, memberId, org, stay, tree, treeOf } from './testing/example.ts';

const terms = (from: string, until?: string): AssignmentTerms => ({
  assignment: assignmentId('a1'),
  group: groupId('team'),
  groupKind: 'workers',
  origin: 'assigned',
  from: day(from),
  until: until === undefined ? undefined : day(until),
  suspensions: [],
});
const team = (more?: Partial<Group>): Group => groupOf('team', { kind: 'workers', ...more });
const cut = (life: MemberLife, group: Group, running = terms('2005-01-01'), known = tree): Cut | undefined =>
  cutOf({ terms: running, cell: org('weaving') }, { life, successors: [], tree: known }, group);

const moved = lifeOf('lan', [stay('weaving', '2004-01-01', '2008-06-01'), stay('dyeing', '2008-06-01')]);
const movedAway = lifeOf('lan', [stay('weaving', '2004-01-01', '2008-06-01'), stay('physics', '2008-06-01')]);
const left = lifeOf('lan', [stay('weaving', '2004-01-01', '2009-01-01')]);

describe('rule 7: an assignment', () => {
  it('runs on while nothing happens', () => expect(cut(lifeOf('lan'), team())).toBeUndefined());

  it('ends on the day on which its member leaves', () =>
    expect(cut(left, team())).toEqual({ on: '2009-01-01', cause: 'member-left' }));

  it('is left alone when it ended before', () => {
    expect(cut(left, team(), terms('2005-01-01', '2009-01-01'))).toBeUndefined();
    expect(cut(left, team(), terms('2005-01-01', '2009-01-02'))).toMatchObject({ on: '2009-01-01' });
  });

  it('that would begin after its member left never was', () => {
    expect(cut(left, team(), terms('2010-01-01'))).toEqual({ on: '2010-01-01', cause: 'member-left' });
    expect(cut(left, team(), terms('2010-01-01', '2010-01-01'))).toBeUndefined();
  });

  it('is kept over a move below the organisation of its group', () => expect(cut(moved, team())).toBeUndefined());

  it('ends with a move out of the cell or organisation of its group', () => {
    expect(cut(moved, team({ organisation: org('weaving') }))).toEqual({ on: '2008-06-01', cause: 'member-moved' });
    expect(cut(movedAway, team())).toEqual({ on: '2008-06-01', cause: 'member-moved' });
  });

  it('with residents is kept over any move', () => expect(cut(movedAway, team({ kind: 'residents' }))).toBeUndefined());

  it('follows the tree of the day of the move', () => {
    const reorganised = (on: string) =>
      treeOf({ type: 'OrganisationMoved', organisation: org('physics'), occurredAt: day(on), parent: org('mill') });
    expect(cut(movedAway, team(), undefined, reorganised('2008-06-01'))).toBeUndefined();
    expect(cut(movedAway, team(), undefined, reorganised('2008-06-02'))).toMatchObject({ on: '2008-06-01' });
  });

  it('is kept when its cell is merged and its member with it', () => {
    const merged = treeOf({
      type: 'OrganisationMerged',
      organisation: org('weaving'),
      occurredAt: day('2008-06-01'),
      into: org('dyeing'),
    });
    expect(cut(moved, team({ organisation: org('weaving') }), undefined, merged)).toBeUndefined();
  });

  it('to a group elsewhere, made against advice, is kept while the member stays in the cell', () => {
    const elsewhere = team({ organisation: org('school') });
    const shifted = lifeOf('lan', [stay('weaving', '2004-01-01', '2008-06-01'), stay('weaving', '2008-06-01')]);
    expect(cut(shifted, elsewhere)).toBeUndefined();
    expect(cut(moved, elsewhere)).toMatchObject({ on: '2008-06-01', cause: 'member-moved' });
  });

  it('ends when its group closes', () => {
    const closed = team({ closed: { on: day('2007-01-01'), revision: 3 } });
    expect(cut(left, closed)).toEqual({ on: '2007-01-01', cause: 'group-closed' });
    expect(cut(left, closed, terms('2008-01-01'))).toEqual({ on: '2008-01-01', cause: 'group-closed' });
  });

  it('passes to the successor named for the day', () => {
    const heirs = (life: MemberLife, on: string, running = terms('2005-01-01')) =>
      cutOf(
        { terms: running, cell: org('weaving') },
        { life, tree, successors: [{ on: day(on), to: memberId('binh') }] },
        team(),
      )?.to;
    expect(heirs(left, '2009-01-01')).toBe('binh');
    expect(heirs(movedAway, '2008-06-01')).toBe('binh');
    expect(heirs(left, '2008-01-01')).toBeUndefined();
    // What could not run on its first day never was.
    expect(heirs(left, '2009-01-01', terms('2009-01-01'))).toBeUndefined();
    expect(heirs(left, '2009-01-01', terms('2010-01-01'))).toBeUndefined();
  });

  it('begins when its member came, if that turns out to be later', () => {
    const later = { life: lifeOf('lan', [stay('dyeing', '2006-01-01')]), successors: [], tree };
    const running = { terms: terms('2005-01-01'), cell: org('weaving') };
    expect(delayed(running, later, team())).toEqual({ terms: terms('2006-01-01'), cell: 'dyeing' });
    expect(delayed(running, later, team({ organisation: org('weaving') }))).toBeUndefined();
    expect(delayed({ ...running, terms: terms('2005-01-01', '2006-01-01') }, later, team())).toBeUndefined();
  });

  it('ends on the same day whatever order the moves became known in', () => {
    const fact = (on: string, to: string): MemberFact => ({
      ...{ type: 'MemberTransferred', occurredAt: day(on), member: memberId('lan') },
      ...{ from: org('weaving'), to: org(to) },
    });
    const moves = [fact('2006-01-01', 'dyeing'), fact('2007-01-01', 'physics'), fact('2008-01-01', 'weaving')];
    const known = (facts: readonly MemberFact[]) =>
      facts.reduce<MemberLife | undefined>(evolveLife, lifeOf('lan')) ?? lifeOf('lan');
    for (const order of [moves, moves.toReversed(), [moves[1], moves[2], moves[0]].flatMap((move) => move ?? [])]) {
      expect(cut(known(order), team())).toEqual({ on: '2007-01-01', cause: 'member-moved' });
    }
  });
});
