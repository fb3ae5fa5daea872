import { existsOn, OrganisationId, type OrganisationKind, parentOn, pathOn } from '@phancong/contracts';
import { Day, fold, Refusal } from '@phancong/event-sourcing';
import { fcSeed, given, goldenEvents } from '@phancong/event-sourcing/testing';
import fc from 'fast-check';
import { join } from 'node:path';
import { OrganisationEvent, organisationCodec } from './organisation-event.ts';
import { type OrganisationCommand, organisationTree } from './organisation-tree.ts';
import { noOrganisations } from './organisations.ts';

const day = (text: string) => Day.parse(text);
const id = (text: string) => OrganisationId.parse(text);
const at = (organisation: string, on: string) => ({ organisation: id(organisation), occurredAt: day(on) });
const about = (organisation: string, on: string) => ({ organisation: id(organisation), on: day(on) });
const under = (parent: string | undefined) => (parent === undefined ? {} : { parent: id(parent) });

const registered = (organisation: string, kind: OrganisationKind, parent?: string, on = '2004-01-01') => ({
  ...at(organisation, on),
  ...{ type: 'OrganisationRegistered' as const, code: organisation.toUpperCase(), name: organisation, kind },
  ...under(parent),
});
const moved = (organisation: string, parent: string, on: string) => ({
  ...at(organisation, on),
  ...{ type: 'OrganisationMoved' as const, parent: id(parent) },
});
const merged = (organisation: string, into: string, on: string) => ({
  ...at(organisation, on),
  ...{ type: 'OrganisationMerged' as const, into: id(into) },
});
const renamed = (organisation: string, name: string, on: string) => ({
  ...at(organisation, on),
  ...{ type: 'OrganisationRenamed' as const, name },
});
const dissolved = (organisation: string, on: string) => ({
  ...at(organisation, on),
  type: 'OrganisationDissolved' as const,
});

const register = (organisation: string, kind: OrganisationKind, parent?: string, on = '2004-01-01') => ({
  ...about(organisation, on),
  ...{ type: 'register' as const, code: organisation.toUpperCase(), name: organisation, kind },
  ...under(parent),
});
const move = (organisation: string, parent: string, on: string) => ({
  ...about(organisation, on),
  ...{ type: 'move' as const, parent: id(parent) },
});
const merge = (organisation: string, into: string, on: string) => ({
  ...about(organisation, on),
  ...{ type: 'merge' as const, into: id(into) },
});
const dissolve = (organisation: string, on: string, members = 0) => ({
  ...about(organisation, on),
  ...{ type: 'dissolve' as const, members },
});
const rename = (organisation: string, name: string, on: string) => ({
  ...about(organisation, on),
  ...{ type: 'rename' as const, name },
});

/** Two committees of a bloc, each with a cell. */
const bloc = [
  registered('bloc', 'bloc'),
  registered('north', 'committee', 'bloc'),
  registered('south', 'committee', 'bloc'),
  registered('first', 'cell', 'north'),
  registered('second', 'cell', 'south'),
];
const tree = (...later: readonly OrganisationEvent[]) => given(organisationTree, [...bloc, ...later]);

describe('registering an organisation', () => {
  it('puts it under its parent from its first day', () => {
    tree()
      .when(register('third', 'cell', 'north'))
      .then([registered('third', 'cell', 'north')]);
  });
  it('may be the top of a tree, of any kind', () => {
    given(organisationTree)
      .when(register('alone', 'cell'))
      .then([registered('alone', 'cell')]);
  });
  it('needs an id and a code of its own', () => {
    tree()
      .when(register('first', 'cell', 'north'))
      .thenRefused('already-exists', { id: 'first' });
    tree()
      .when({ ...register('third', 'cell', 'north'), code: 'FIRST' })
      .thenRefused('organisation-code-taken', { code: 'FIRST', id: 'first' });
  });
  it('needs a parent that is there on its first day', () => {
    tree()
      .when(register('third', 'cell', 'nowhere'))
      .thenRefused('organisation-not-found', { organisation: 'nowhere' });
    tree()
      .when(register('third', 'cell', 'north', '2003-12-31'))
      .thenRefused('before-organisation-began', { organisation: 'north', from: '2004-01-01' });
    tree(merged('north', 'south', '2008-01-01'))
      .when(register('third', 'cell', 'north', '2008-01-01'))
      .thenRefused('organisation-closed', { organisation: 'north', on: '2008-01-01' });
  });
  it('may be told late under what was merged since, but not under what was dissolved since', () => {
    tree(merged('north', 'south', '2008-01-01'))
      .when(register('third', 'cell', 'north'))
      .then([registered('third', 'cell', 'north')]);
    tree(registered('west', 'committee', 'bloc'), dissolved('west', '2008-01-01'))
      .when(register('third', 'cell', 'west'))
      .thenRefused('conflicts-with-later-entry', {
        type: 'OrganisationDissolved',
        occurredAt: '2008-01-01',
        revision: 6,
      });
  });
  it('never ranks above its parent, and a cell has no parts', () => {
    tree()
      .when(register('high', 'bloc', 'north'))
      .thenRefused('kind-does-not-nest', { kind: 'bloc', parent: 'committee' });
    tree()
      .when(register('tiny', 'cell', 'first'))
      .thenRefused('kind-does-not-nest', { kind: 'cell', parent: 'cell' });
  });
});

describe('renaming an organisation', () => {
  it('gives it another name from that day', () => {
    tree()
      .when(rename('first', 'Chi bộ 1', '2006-01-01'))
      .then([renamed('first', 'Chi bộ 1', '2006-01-01')]);
  });
  it('says that it is its name from that day, also when that is its name: an earlier one may be told later', () => {
    tree()
      .when(rename('first', 'first', '2006-01-01'))
      .then([renamed('first', 'first', '2006-01-01')]);
    tree(renamed('first', 'first', '2006-01-01'))
      .when(rename('first', 'first', '2006-01-01'))
      .thenNothing();
  });
  it('needs an organisation that is there', () => {
    tree()
      .when(rename('none', 'x', '2006-01-01'))
      .thenRefused('organisation-not-found', { organisation: 'none' });
    tree()
      .when(rename('first', 'x', '2003-01-01'))
      .thenRefused('before-organisation-began');
    tree(dissolved('first', '2006-01-01'))
      .when(rename('first', 'x', '2006-01-01'))
      .thenRefused('organisation-closed');
  });
  it('is refused if the organisation changed since the client saw it', () => {
    tree(renamed('first', 'x', '2006-01-01'))
      .when({ ...rename('first', 'y', '2007-01-01'), ifRevision: 3 })
      .thenRefused('revision-mismatch', { expected: 3, actual: 5 });
    tree(renamed('first', 'x', '2006-01-01'))
      .when({ ...rename('second', 'y', '2007-01-01'), ifRevision: 4 })
      .then([renamed('second', 'y', '2007-01-01')]);
  });
});

describe('moving an organisation', () => {
  it('puts it elsewhere from that day, also when told late', () => {
    tree(moved('first', 'south', '2010-01-01'))
      .when(move('first', 'bloc', '2006-01-01'))
      .then([moved('first', 'bloc', '2006-01-01')]);
  });
  it('says that it is there from that day, also when it is there: an earlier move may be told later', () => {
    tree()
      .when(move('first', 'north', '2006-01-01'))
      .then([moved('first', 'north', '2006-01-01')]);
    tree(merged('north', 'south', '2006-01-01'))
      .when(move('first', 'south', '2007-01-01'))
      .then([moved('first', 'south', '2007-01-01')]);
    tree(moved('first', 'north', '2006-01-01'))
      .when(move('first', 'north', '2006-01-01'))
      .thenNothing();
  });
  it('is refused under itself or below', () => {
    tree()
      .when(move('north', 'north', '2006-01-01'))
      .thenRefused('organisation-cycle');
    tree()
      .when(move('bloc', 'first', '2006-01-01'))
      .thenRefused('organisation-cycle');
  });
  it('is refused if a cycle would follow on a later day only', () => {
    tree(moved('south', 'north', '2010-01-01'))
      .when(move('north', 'south', '2006-01-01'))
      .thenRefused('organisation-cycle', { organisation: 'north', under: 'south' });
  });
  it('is possible where a later move ends it before a cycle would follow', () => {
    tree(moved('north', 'bloc', '2009-01-01'), moved('south', 'north', '2010-01-01'))
      .when(move('north', 'south', '2006-01-01'))
      .then([moved('north', 'south', '2006-01-01')]);
  });
  it('is refused if what it goes under was merged below it', () => {
    tree(registered('west', 'committee', 'north'), merged('south', 'west', '2010-01-01'))
      .when(move('north', 'south', '2006-01-01'))
      .thenRefused('organisation-cycle');
  });
  it('is refused under what is dissolved while it would be there', () => {
    tree(registered('west', 'committee', 'bloc'), dissolved('west', '2008-01-01'))
      .when(move('first', 'west', '2006-01-01'))
      .thenRefused('conflicts-with-later-entry', {
        type: 'OrganisationDissolved',
        occurredAt: '2008-01-01',
        revision: 6,
      });
  });
});

describe('merging organisations', () => {
  it('ends the one, whose parts and members go to the other', () => {
    tree()
      .when(merge('north', 'south', '2008-01-01'))
      .then([merged('north', 'south', '2008-01-01')]);
  });
  it('needs one of the same kind, that is there and not below', () => {
    tree()
      .when(merge('first', 'south', '2008-01-01'))
      .thenRefused('merges-only-within-a-kind', { kind: 'cell', into: 'committee' });
    tree()
      .when(merge('first', 'none', '2008-01-01'))
      .thenRefused('organisation-not-found');
    tree()
      .when(merge('first', 'first', '2008-01-01'))
      .thenRefused('organisation-cycle');
    tree(registered('west', 'committee', 'north'))
      .when(merge('north', 'west', '2008-01-01'))
      .thenRefused('organisation-cycle');
  });
  it('is refused on or before the day of what happened to it later', () => {
    tree(renamed('first', 'Chi bộ 1', '2010-01-01'))
      .when(merge('first', 'second', '2008-01-01'))
      .thenRefused('conflicts-with-later-entry', {
        type: 'OrganisationRenamed',
        occurredAt: '2010-01-01',
        revision: 5,
      });
    for (const on of ['2008-01-01', '2010-01-01']) {
      tree(moved('first', 'south', '2010-01-01'))
        .when(merge('first', 'second', on))
        .thenRefused('conflicts-with-later-entry', {
          type: 'OrganisationMoved',
          occurredAt: '2010-01-01',
          revision: 5,
        });
      tree(moved('first', 'south', '2010-01-01'))
        .when(dissolve('first', on))
        .thenRefused('conflicts-with-later-entry');
    }
    tree(merged('first', 'second', '2010-01-01'))
      .when(merge('first', 'second', '2008-01-01'))
      .thenRefused('conflicts-with-later-entry');
  });
  it('is refused if something was put under it on that day or later', () => {
    for (const on of ['2008-01-01', '2010-01-01']) {
      tree(registered('third', 'cell', 'north', '2010-01-01'))
        .when(merge('north', 'south', on))
        .thenRefused('conflicts-with-later-entry', {
          type: 'OrganisationRegistered',
          occurredAt: '2010-01-01',
          revision: 5,
        });
    }
  });
});

describe('dissolving an organisation', () => {
  it('ends it', () => {
    tree()
      .when(dissolve('first', '2008-01-01'))
      .then([dissolved('first', '2008-01-01')]);
  });
  it('is refused while it has members or parts, on that day or later', () => {
    tree()
      .when(dissolve('first', '2008-01-01', 3))
      .thenRefused('organisation-not-empty', { parts: 0, members: 3 });
    tree().when(dissolve('north', '2008-01-01')).thenRefused('organisation-not-empty', { parts: 1, members: 0 });
    tree(moved('first', 'south', '2006-01-01'), moved('first', 'north', '2010-01-01'))
      .when(dissolve('north', '2008-01-01'))
      .thenRefused('organisation-not-empty');
  });
  it('counts the parts of what was merged into it', () => {
    tree(merged('north', 'south', '2006-01-01'), moved('second', 'bloc', '2005-01-01'))
      .when(dissolve('south', '2008-01-01'))
      .thenRefused('organisation-not-empty', { parts: 1, members: 0 });
  });
  it('is possible once the parts are elsewhere or closed', () => {
    tree(dissolved('first', '2006-01-01'))
      .when(dissolve('north', '2006-01-01'))
      .then([dissolved('north', '2006-01-01')]);
    tree(moved('first', 'south', '2006-01-01'))
      .when(dissolve('north', '2006-01-01'))
      .then([dissolved('north', '2006-01-01')]);
  });
  it('is refused before what happened to it', () => {
    tree(dissolved('first', '2008-01-01')).when(dissolve('first', '2009-01-01')).thenRefused('organisation-closed');
    tree().when(dissolve('first', '2004-01-01')).thenRefused('before-organisation-began');
  });
});

describe('any commands in any order of days', () => {
  const ids = ['bloc', 'north', 'south', 'west', 'first', 'second'];
  const name = fc.constantFrom(...ids);
  const on = fc.integer({ min: 2000, max: 2009 }).map((year) => `${year}-01-01`);
  const command: fc.Arbitrary<OrganisationCommand> = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(name, name, on).map(([one, other, when]) => move(one, other, when)) },
    fc.tuple(name, name, on).map(([one, other, when]) => merge(one, other, when)),
    fc.tuple(name, on).map(([one, when]) => dissolve(one, when)),
    fc.tuple(name, on).map(([one, when]) => rename(one, when, when)),
  );
  const start: readonly OrganisationEvent[] = [
    registered('bloc', 'bloc', undefined, '2000-01-01'),
    ...['north', 'south', 'west'].map((each) => registered(each, 'committee', 'bloc', '2001-01-01')),
    registered('first', 'cell', 'north', '2002-01-01'),
    registered('second', 'cell', 'south', '2003-01-01'),
  ];

  it('leave a tree on every day: no cycle, and nothing under what is not there', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 25 }), (commands) => {
        const end = commands.reduce(
          (state, each) => {
            try {
              return fold(organisationTree, state, organisationTree.decide(each, state));
            } catch (error) {
              if (!(error instanceof Refusal)) throw error;
              return state;
            }
          },
          fold(organisationTree, noOrganisations, start),
        );
        for (let year = 2000; year < 2012; year += 1) {
          const today = day(`${year}-01-01`);
          for (const known of end.tree.values()) {
            if (!existsOn(known, today)) continue;
            const above = parentOn(end.tree, known.id, today);
            const parent = above === undefined ? undefined : end.tree.get(above);
            expect(pathOn(end.tree, known.id, today).at(-1)).toBe('bloc');
            if (known.id !== 'bloc') expect(parent && existsOn(parent, today)).toBe(true);
          }
        }
      }),
      { ...fcSeed(), numRuns: 300 },
    );
  });
});

describe('what is stored of organisations', () => {
  goldenEvents({
    folder: join(__dirname, '../golden'),
    schema: OrganisationEvent,
    codec: organisationCodec,
    samples: {
      OrganisationRegistered: {
        ...registered('first', 'cell', 'north'),
        ...{ enterprise: 'Công ty Dệt Phong Phú', province: 'Thành phố Hồ Chí Minh' },
      },
      OrganisationRenamed: renamed('first', 'Chi bộ Phân xưởng Sợi 1', '2006-01-01'),
      OrganisationMoved: moved('first', 'south', '2006-01-01'),
      OrganisationMerged: merged('first', 'second', '2006-01-01'),
      OrganisationDissolved: dissolved('first', '2006-01-01'),
    },
  });
});
