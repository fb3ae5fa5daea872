import { Day } from '@phancong/event-sourcing';
import { OrganisationId } from './ids.ts';
import type { OrganisationKind } from './membership.ts';
import {
  emptyTree,
  evolveTree,
  existsOn,
  nameOn,
  type OrganisationFact,
  type OrganisationTree,
  parentOn,
  pathOn,
  successorOn,
} from './organisation-tree.ts';

const day = (text: string) => Day.parse(text);
const id = (text: string) => OrganisationId.parse(text);
const at = (organisation: string, on: string) => ({ organisation: id(organisation), occurredAt: day(on) });

const registered = (organisation: string, kind: OrganisationKind, parent?: string): OrganisationFact => ({
  ...at(organisation, '2004-01-01'),
  type: 'OrganisationRegistered',
  code: organisation.toUpperCase(),
  name: `Chi bộ ${organisation}`,
  kind,
  parent: parent === undefined ? undefined : id(parent),
});
const moved = (organisation: string, parent: string, on: string): OrganisationFact => ({
  ...at(organisation, on),
  type: 'OrganisationMoved',
  parent: id(parent),
});
const merged = (organisation: string, into: string, on: string): OrganisationFact => ({
  ...at(organisation, on),
  type: 'OrganisationMerged',
  into: id(into),
});

const bloc = [
  registered('bloc', 'bloc'),
  registered('north', 'committee', 'bloc'),
  registered('south', 'committee', 'bloc'),
  registered('cell', 'cell', 'north'),
];
const treeAfter = (...facts: OrganisationFact[]): OrganisationTree => [...bloc, ...facts].reduce(evolveTree, emptyTree);

describe('the tree of organisations', () => {
  it('names the path from a cell to the top', () => {
    expect(pathOn(treeAfter(), id('cell'), day('2010-01-01'))).toEqual(['cell', 'north', 'bloc']);
  });

  it('has a history: before the day of a move the old path holds', () => {
    const tree = treeAfter(moved('cell', 'south', '2009-06-01'));
    expect(parentOn(tree, id('cell'), day('2009-05-31'))).toBe('north');
    expect(parentOn(tree, id('cell'), day('2009-06-01'))).toBe('south');
  });

  it('takes in a move that is told late', () => {
    const tree = treeAfter(moved('cell', 'bloc', '2010-01-01'), moved('cell', 'south', '2008-01-01'));
    expect(['2007-01-01', '2009-01-01', '2011-01-01'].map((on) => parentOn(tree, id('cell'), day(on)))).toEqual([
      'north',
      'south',
      'bloc',
    ]);
  });

  it('brings the parts of a merged organisation to what it became, and itself as a closed part', () => {
    const tree = treeAfter(merged('north', 'south', '2010-01-01'));
    expect(pathOn(tree, id('cell'), day('2009-12-31'))).toEqual(['cell', 'north', 'bloc']);
    expect(pathOn(tree, id('cell'), day('2010-01-01'))).toEqual(['cell', 'south', 'bloc']);
    expect(pathOn(tree, id('north'), day('2010-01-01'))).toEqual(['north', 'south', 'bloc']);
    expect(successorOn(tree, id('north'), day('2010-01-01'))).toBe('south');
  });

  it('also brings a part that is told of only after the merger', () => {
    const tree = treeAfter(merged('north', 'south', '2010-01-01'), registered('late', 'cell', 'north'));
    expect(parentOn(tree, id('late'), day('2012-01-01'))).toBe('south');
  });

  it('leaves a dissolved organisation where it was, for what was done there', () => {
    const tree = treeAfter({ ...at('cell', '2011-01-01'), type: 'OrganisationDissolved' });
    const cell = tree.get(id('cell'));
    expect(cell && existsOn(cell, day('2010-12-31'))).toBe(true);
    expect(cell && existsOn(cell, day('2011-01-01'))).toBe(false);
    expect(pathOn(tree, id('cell'), day('2012-01-01'))).toEqual(['cell', 'north', 'bloc']);
  });

  it('knows the name of each day', () => {
    const tree = treeAfter({ ...at('cell', '2008-01-01'), type: 'OrganisationRenamed', name: 'Chi bộ Xưởng 2' });
    const cell = tree.get(id('cell'));
    expect(cell && [nameOn(cell, day('2007-12-31')), nameOn(cell, day('2008-01-01'))]).toEqual([
      'Chi bộ cell',
      'Chi bộ Xưởng 2',
    ]);
  });

  it('refuses to go round in a circle for ever', () => {
    const tree = treeAfter(moved('north', 'cell', '2009-01-01'));
    expect(() => pathOn(tree, id('cell'), day('2009-01-01'))).toThrow(/stands above itself/);
  });
});
