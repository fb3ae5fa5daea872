import {
  emptyTree,
  evolveTree,
  type OrganisationFact,
  OrganisationId,
  type OrganisationKind,
} from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { Places, standsOn } from './places.ts';

const day = (text: string) => Day.parse(text);
const id = (text: string) => OrganisationId.parse(text);
const at = (organisation: string, on: string) => ({ organisation: id(organisation), occurredAt: day(on) });
const founded = (
  organisation: string,
  kind: OrganisationKind,
  parent?: string,
  on = '2004-01-01',
): OrganisationFact => ({
  ...at(organisation, on),
  ...{ type: 'OrganisationRegistered', code: organisation, name: organisation, kind },
  parent: parent === undefined ? undefined : id(parent),
});
const moved = (organisation: string, parent: string, on: string): OrganisationFact => ({
  ...at(organisation, on),
  ...{ type: 'OrganisationMoved', parent: id(parent) },
});
const merged = (organisation: string, into: string, on: string): OrganisationFact => ({
  ...at(organisation, on),
  ...{ type: 'OrganisationMerged', into: id(into) },
});
const bloc = [
  founded('bloc', 'bloc'),
  founded('north', 'committee', 'bloc'),
  founded('south', 'committee', 'bloc'),
  founded('cell', 'cell', 'north'),
];
const after = (...facts: OrganisationFact[]) => new Places([...bloc, ...facts].reduce(evolveTree, emptyTree));
const aboveCell = (...facts: OrganisationFact[]) => Object.fromEntries(after(...facts).above(id('cell')));

describe('the places of an organisation', () => {
  it('are itself and all above it, for ever while nothing moves', () => {
    expect(aboveCell()).toEqual({ cell: 'own', north: '..', bloc: '..' });
  });

  it('change on the day of a move; above both, nothing changes', () => {
    expect(aboveCell(moved('cell', 'south', '2008-06-01'))).toEqual({
      ...{ cell: 'own', bloc: '..' },
      ...{ north: '..2008-06-01', south: '2008-06-01..' },
    });
  });

  it('come again when it comes back', () => {
    const { north } = aboveCell(moved('cell', 'south', '2008-06-01'), moved('cell', 'north', '2010-01-01'));
    expect(north).toBe('..2008-06-01,2010-01-01..');
  });

  it('change when something above moves', () => {
    expect(aboveCell(moved('north', 'south', '2009-01-01'))).toEqual({
      ...{ cell: 'own', north: '..', bloc: '..' },
      south: '2009-01-01..',
    });
  });

  it('pass to what something above was merged into', () => {
    expect(aboveCell(merged('north', 'south', '2009-01-01'))).toEqual({
      ...{ cell: 'own', bloc: '..' },
      ...{ north: '..2009-01-01', south: '2009-01-01..' },
    });
  });

  it('pass on through mergers that follow one another, told in any order', () => {
    const east = founded('east', 'committee', 'bloc');
    const one = [east, merged('north', 'south', '2009-01-01'), merged('south', 'east', '2011-01-01')];
    const other = [east, merged('south', 'east', '2011-01-01'), merged('north', 'south', '2009-01-01')];
    expect(aboveCell(...one)).toMatchObject({ south: '2009-01-01..2011-01-01', east: '2011-01-01..' });
    expect(aboveCell(...other)).toEqual(aboveCell(...one));
  });

  it('begin before the founding, for trees of days before it', () => {
    const late = after(founded('late', 'cell', 'south', '2010-01-01'));
    expect(Object.fromEntries(late.above(id('late')))).toEqual({ late: 'own', south: '..', bloc: '..' });
    expect(late.parts(id('south'), day('2005-01-01'))).toEqual(['late']);
  });

  it('begin with the first move, when it was founded under nothing', () => {
    const alone = after(founded('alone', 'committee'), moved('alone', 'bloc', '2007-01-01'));
    expect(Object.fromEntries(alone.above(id('alone')))).toEqual({ alone: 'own', bloc: '2007-01-01..' });
  });

  it('hold what is written down last, of two moves on one day', () => {
    const twice = [moved('cell', 'bloc', '2008-06-01'), moved('cell', 'south', '2008-06-01')];
    expect(aboveCell(...twice)).toMatchObject({ north: '..2008-06-01', south: '2008-06-01..', bloc: '..' });
  });

  it('may be below what was below before', () => {
    const turned = [
      moved('north', 'south', '2006-01-01'),
      moved('north', 'bloc', '2008-01-01'),
      moved('south', 'north', '2010-01-01'),
    ];
    expect(aboveCell(...turned)).toEqual({
      ...{ cell: 'own', north: '..', bloc: '..' },
      south: '2006-01-01..2008-01-01',
    });
    expect(Object.fromEntries(after(...turned).above(id('south')))).toEqual({
      ...{ south: 'own', bloc: '..' },
      north: '2010-01-01..',
    });
  });

  it('make its parts on a day', () => {
    const places = after(merged('north', 'south', '2009-01-01'));
    expect(places.parts(id('bloc'), day('2008-12-31'))).toEqual(['north', 'south']);
    expect(places.parts(id('south'), day('2009-01-01')).sort()).toEqual(['cell', 'north']);
  });

  it('are none for what was never told of, and not those of a circle', () => {
    expect(Object.fromEntries(after().above(id('x')))).toEqual({ x: 'own' });
    expect(() => aboveCell(moved('north', 'cell', '2009-01-01'))).toThrow(/stands above itself/);
  });
});

describe('what stands under an organisation', () => {
  it.each([
    ['own', '1950-01-01', true],
    ['..', '1950-01-01', true],
    ['..2008-06-01', '2008-05-31', true],
    ['..2008-06-01', '2008-06-01', false],
    ['2008-06-01..', '2008-06-01', true],
    ['..2008-06-01,2010-01-01..', '2009-01-01', false],
    ['..2008-06-01,2010-01-01..', '2010-01-01', true],
  ])('%s, on %s: %s', (under, on, stands) => expect(standsOn(under, day(on))).toBe(stands));
});
