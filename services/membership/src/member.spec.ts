import { MemberId, OrganisationId, stayOn } from '@phancong/contracts';
import { Day, fold, Refusal } from '@phancong/event-sourcing';
import { fcSeed, given, goldenEvents } from '@phancong/event-sourcing/testing';
import fc from 'fast-check';
import { join } from 'node:path';
import { memberDecider } from './member.ts';
import type { MemberCommand } from './member-command.ts';
import { MemberEvent, memberCodec } from './member-event.ts';
import { leftOn } from './member-state.ts';
import type { OrganisationEvent } from './organisation-event.ts';
import { organisationTree } from './organisation-tree.ts';
import { noOrganisations } from './organisations.ts';

const day = (text: string) => Day.parse(text);
const cell = (text: string) => OrganisationId.parse(text);
const me = MemberId.parse('lan');

const registered = (organisation: string, from = '2004-01-01', kind: 'cell' | 'committee' = 'cell') => ({
  ...{ type: 'OrganisationRegistered' as const, organisation: cell(organisation), occurredAt: day(from) },
  ...{ code: organisation.toUpperCase(), name: organisation, kind },
});
const mergedInto = (organisation: string, into: string, on: string) => ({
  ...{ type: 'OrganisationMerged' as const, organisation: cell(organisation), occurredAt: day(on), into: cell(into) },
});
const dissolved = (organisation: string, on: string) => ({
  ...{ type: 'OrganisationDissolved' as const, organisation: cell(organisation), occurredAt: day(on) },
});
const cells = [registered('soi'), registered('det'), registered('may'), registered('uy', '2004-01-01', 'committee')];
const treeWith = (...events: readonly OrganisationEvent[]) =>
  fold(organisationTree, noOrganisations, [...cells, ...events]);
const organisations = treeWith();

const at = (on: string) => ({ member: me, occurredAt: day(on) });
const admitted = (from = '2005-01-01', more: Partial<Extract<MemberEvent, { type: 'MemberAdmitted' }>> = {}) => ({
  ...{ ...at(from), type: 'MemberAdmitted' as const, code: '79.001234', cell: cell('soi') },
  ...{ standing: 'probationary' as const, admittedOn: day('2005-01-01'), sealed: 'lan' },
  ...more,
});
const transferred = (from: string, to: string, on: string, following?: string) => ({
  ...{ ...at(on), type: 'MemberTransferred' as const, from: cell(from), to: cell(to) },
  ...(following === undefined ? {} : { following: cell(following) }),
});
const officialised = (on: string) => ({ ...at(on), type: 'MemberOfficialised' as const });
const exempted = (on: string, until?: string) => ({
  ...{ ...at(on), type: 'MemberExempted' as const, sealed: 'ốm' },
  ...(until === undefined ? {} : { until: day(until) }),
});
const left = (on: string) => ({ ...at(on), type: 'MemberLeft' as const, reason: 'resigned' as const });
const erased = (on: string) => ({ ...at(on), type: 'MemberErased' as const, reason: 'theo yêu cầu' });

const admit = {
  ...{ type: 'admit' as const, member: me, code: '79.001234', cell: cell('soi'), sealed: 'lan', organisations },
  ...{ standing: 'probationary' as const, admittedOn: day('2005-01-01') },
};
const transfer = (to: string, on: string) => ({
  ...{ type: 'transfer' as const, cell: cell(to), on: day(on), organisations },
});
const exempt = (from: string, until?: string) => ({
  ...{ type: 'exempt' as const, from: day(from), sealed: 'ốm' },
  ...(until === undefined ? {} : { until: day(until) }),
});
const leave = (on: string) => ({ type: 'leave' as const, on: day(on), reason: 'resigned' as const });
const correct = (life: Extract<MemberCommand, { type: 'correct' }>['life']) => ({
  ...{ type: 'correct' as const, today: day('2014-12-31'), life, sealed: 'nhầm', organisations },
});
const lan = (...later: readonly MemberEvent[]) => given(memberDecider, [admitted(), ...later]);
const life = {
  ...{ member: me, code: '79.001234', admittedOn: day('2005-01-01'), exemptions: [] },
  stays: [{ cell: cell('soi'), from: day('2005-01-01') }],
};

describe('admitting a member', () => {
  it('begins in the cell on the day of admission, or on the day the cell began', () => {
    given(memberDecider).when(admit).then([admitted()]);
    given(memberDecider)
      .when({ ...admit, cell: cell('moi'), organisations: treeWith(registered('moi', '2007-01-01')) })
      .then([admitted('2007-01-01', { cell: cell('moi') })]);
    given(memberDecider)
      .when({ ...admit, from: day('2006-03-01') })
      .then([admitted('2006-03-01')]);
  });
  it('needs a cell that is there', () => {
    const to = (id: string) => given(memberDecider).when({ ...admit, cell: cell(id), from: day('2006-01-01') });
    to('none').thenRefused('organisation-not-found', { organisation: 'none' });
    to('uy').thenRefused('not-a-cell', { organisation: 'uy' });
    given(memberDecider)
      .when({ ...admit, organisations: treeWith(dissolved('soi', '2005-01-01')) })
      .thenRefused('organisation-closed', { organisation: 'soi', on: '2005-01-01' });
    given(memberDecider)
      .when({ ...admit, admittedOn: day('2003-01-01'), from: day('2003-06-01') })
      .thenRefused('before-organisation-began', { organisation: 'soi', from: '2004-01-01' });
  });
  it('is refused into a cell that is dissolved later', () => {
    given(memberDecider)
      .when({ ...admit, organisations: treeWith(dissolved('soi', '2008-01-01')) })
      .thenRefused('conflicts-with-later-entry', {
        type: 'OrganisationDissolved',
        occurredAt: '2008-01-01',
        revision: 4,
      });
  });
  it('follows at once if the cell was merged since', () => {
    given(memberDecider)
      .when({ ...admit, organisations: treeWith(mergedInto('soi', 'det', '2008-01-01')) })
      .then([admitted(), transferred('soi', 'det', '2008-01-01', 'soi')]);
  });
  it('needs days that can be true, once', () => {
    given(memberDecider)
      .when({ ...admit, from: day('2004-12-31') })
      .thenRefused('before-admission');
    given(memberDecider)
      .when({ ...admit, standing: 'official', officialOn: day('2005-01-01') })
      .thenRefused('official-not-after-admission');
    given(memberDecider)
      .when({ ...admit, officialOn: day('2006-01-01') })
      .thenRefused('probationary-with-official-day');
    lan().when(admit).thenRefused('already-exists', { id: 'lan' });
  });
});

describe('transferring a member', () => {
  it('ends the stay in the old cell on that day', () => {
    lan()
      .when(transfer('det', '2007-01-01'))
      .then([transferred('soi', 'det', '2007-01-01')]);
  });
  it('may be told late', () => {
    lan(transferred('soi', 'det', '2009-01-01'))
      .when(transfer('may', '2007-01-01'))
      .then([transferred('soi', 'may', '2007-01-01')]);
  });
  it('says where the member is from that day, also when the member is there', () => {
    const unit = { workUnit: 'Tổ 2' };
    lan()
      .when(transfer('soi', '2007-01-01'))
      .then([transferred('soi', 'soi', '2007-01-01')]);
    lan()
      .when({ ...transfer('soi', '2007-01-01'), ...unit })
      .then([{ ...transferred('soi', 'soi', '2007-01-01'), ...unit }]);
    lan({ ...transferred('soi', 'soi', '2007-01-01'), ...unit })
      .when({ ...transfer('soi', '2007-01-01'), ...unit })
      .thenNothing();
  });
  it('is refused before admission and from the day of leaving', () => {
    lan().when(transfer('det', '2004-12-31')).thenRefused('before-admission');
    lan(left('2008-01-01')).when(transfer('det', '2008-01-01')).thenRefused('member-left', { on: '2008-01-01' });
  });
  it('is refused into a cell that is dissolved while the member would be there', () => {
    const gone = { organisations: treeWith(dissolved('may', '2008-01-01')) };
    lan()
      .when({ ...transfer('may', '2007-01-01'), ...gone })
      .thenRefused('conflicts-with-later-entry');
    lan(transferred('soi', 'det', '2008-01-01'))
      .when({ ...transfer('may', '2007-01-01'), ...gone })
      .then([transferred('soi', 'may', '2007-01-01')]);
  });
  it('takes back the move with a merged cell, if the member was no longer in it', () => {
    const after = { organisations: treeWith(mergedInto('soi', 'det', '2008-01-01')) };
    lan(transferred('soi', 'det', '2008-01-01', 'soi'))
      .when({ ...transfer('may', '2007-01-01'), ...after })
      .then([
        transferred('soi', 'may', '2007-01-01'),
        {
          ...{ ...at('2007-01-01'), type: 'MemberCorrected' },
          life: {
            ...life,
            stays: [
              { cell: cell('soi'), from: day('2005-01-01'), until: day('2007-01-01') },
              { cell: cell('may'), from: day('2007-01-01') },
            ],
          },
        },
      ]);
  });
});

describe('following a merged cell', () => {
  const after = treeWith(mergedInto('soi', 'det', '2008-01-01'), mergedInto('det', 'may', '2010-01-01'));
  it('goes to what the cell has become, from merger to merger, once', () => {
    const moves = [transferred('soi', 'det', '2008-01-01', 'soi'), transferred('det', 'may', '2010-01-01', 'det')];
    lan().when({ type: 'follow', organisations: after }).then(moves);
    lan(...moves)
      .when({ type: 'follow', organisations: after })
      .thenNothing();
  });
  it('concerns who came after the day of the merger, from the day they came', () => {
    lan(transferred('soi', 'may', '2006-01-01'), transferred('may', 'soi', '2009-01-01'))
      .when({ type: 'follow', organisations: treeWith(mergedInto('soi', 'det', '2008-01-01')) })
      .then([transferred('soi', 'det', '2009-01-01', 'soi')]);
  });
  it('does not concern who had left, and does concern the erased', () => {
    lan(left('2007-01-01')).when({ type: 'follow', organisations: after }).thenNothing();
    lan(erased('2007-01-01'))
      .when({ type: 'follow', organisations: treeWith(mergedInto('soi', 'det', '2008-01-01')) })
      .then([transferred('soi', 'det', '2008-01-01', 'soi')]);
  });
});

describe('becoming an official member', () => {
  it('happens once, after admission', () => {
    lan()
      .when({ type: 'officialise', on: day('2006-01-01') })
      .then([officialised('2006-01-01')]);
    lan(officialised('2006-01-01'))
      .when({ type: 'officialise', on: day('2006-02-01') })
      .thenRefused('already-official');
    lan()
      .when({ type: 'officialise', on: day('2005-01-01') })
      .thenRefused('official-not-after-admission');
    given(memberDecider, [admitted('2005-01-01', { standing: 'official' })])
      .when({ type: 'officialise', on: day('2006-01-01') })
      .thenRefused('already-official');
  });
});

describe('exempting a member', () => {
  it('lasts from its first day up to the day it ends', () => {
    lan()
      .when(exempt('2006-01-01', '2006-07-01'))
      .then([exempted('2006-01-01', '2006-07-01')]);
    lan(exempted('2006-01-01'))
      .when({ type: 'end-exemption', on: day('2006-03-01') })
      .then([{ ...at('2006-03-01'), type: 'MemberExemptionEnded' }]);
    lan()
      .when({ type: 'end-exemption', on: day('2006-03-01') })
      .thenRefused('not-exempt');
    lan().when(exempt('2006-01-01', '2006-01-01')).thenRefused('ends-before-it-begins');
  });
  it('does not overlap another', () => {
    lan(exempted('2006-01-01', '2006-07-01'))
      .when(exempt('2006-07-01'))
      .then([exempted('2006-07-01')]);
    lan(exempted('2006-01-01', '2006-07-01')).when(exempt('2006-06-30')).thenRefused('already-exempt');
    lan(exempted('2007-01-01'))
      .when(exempt('2006-06-30'))
      .thenRefused('conflicts-with-later-entry', { type: 'MemberExempted', occurredAt: '2007-01-01', revision: 1 });
  });
});

describe('leaving', () => {
  it('ends the last stay', () => {
    lan()
      .when(leave('2008-01-01'))
      .then([left('2008-01-01')]);
  });
  it('is refused on the first day, twice, and before what happened later', () => {
    lan().when(leave('2005-01-01')).thenRefused('before-admission');
    lan(left('2008-01-01')).when(leave('2009-01-01')).thenRefused('member-left');
    const conflict = (type: string, occurredAt: string) => ({ type, occurredAt, revision: 1 });
    lan(left('2008-01-01'))
      .when(leave('2007-01-01'))
      .thenRefused('conflicts-with-later-entry', conflict('MemberLeft', '2008-01-01'));
    lan(transferred('soi', 'det', '2009-01-01'))
      .when(leave('2008-01-01'))
      .thenRefused('conflicts-with-later-entry', conflict('MemberTransferred', '2009-01-01'));
    lan(officialised('2009-01-01'))
      .when(leave('2008-01-01'))
      .thenRefused('conflicts-with-later-entry', conflict('MemberOfficialised', '2009-01-01'));
    lan(exempted('2009-01-01'))
      .when(leave('2008-01-01'))
      .thenRefused('conflicts-with-later-entry', conflict('MemberExempted', '2009-01-01'));
  });
  it('told late takes back the move with a merged cell', () => {
    lan(transferred('soi', 'det', '2008-01-01', 'soi'))
      .when(leave('2007-01-01'))
      .then([
        left('2007-01-01'),
        {
          ...{ ...at('2007-01-01'), type: 'MemberCorrected' },
          life: { ...life, stays: [{ cell: cell('soi'), from: day('2005-01-01'), until: day('2007-01-01') }] },
        },
      ]);
  });
  it('leaves nothing to tell afterwards', () => {
    lan(left('2008-01-01')).when(exempt('2008-01-01')).thenRefused('member-left');
    lan(left('2008-01-01'))
      .when({ type: 'officialise', on: day('2009-01-01') })
      .thenRefused('member-left');
  });
});

describe('correcting a member', () => {
  it('publishes the whole life as it should have been', () => {
    lan(transferred('soi', 'det', '2009-01-01'))
      .when(correct({ code: '79.9', cell: cell('may'), from: day('2006-01-01'), officialOn: day('2007-01-01') }))
      .then([
        {
          ...{ ...at('2014-12-31'), type: 'MemberCorrected', standing: 'official', sealed: 'nhầm' },
          life: {
            ...{ ...life, code: '79.9', officialOn: day('2007-01-01') },
            stays: [
              { cell: cell('may'), from: day('2006-01-01'), until: day('2009-01-01') },
              { cell: cell('det'), from: day('2009-01-01') },
            ],
          },
        },
      ]);
  });
  it('is refused if what was told later cannot be true then', () => {
    lan(transferred('soi', 'det', '2009-01-01'))
      .when(correct({ from: day('2009-01-01') }))
      .thenRefused('conflicts-with-later-entry', { type: 'MemberTransferred', occurredAt: '2009-01-01', revision: 1 });
    lan(exempted('2006-01-01'))
      .when(correct({ admittedOn: day('2007-01-01'), from: day('2007-01-01') }))
      .thenRefused('conflicts-with-later-entry', { type: 'MemberExempted', occurredAt: '2006-01-01', revision: 1 });
    lan()
      .when(correct({ admittedOn: day('2006-01-01') }))
      .thenRefused('before-admission');
    lan()
      .when(correct({ cell: cell('none') }))
      .thenRefused('organisation-not-found');
  });
  it('names the correction when that is what stands against a later one', () => {
    const corrected: MemberEvent = {
      ...{ ...at('2014-01-01'), type: 'MemberCorrected', sealed: 'nhầm' },
      life: { ...life, officialOn: day('2010-01-01') },
    };
    lan(corrected)
      .when(leave('2009-01-01'))
      .thenRefused('conflicts-with-later-entry', { type: 'MemberCorrected', occurredAt: '2010-01-01', revision: 1 });
  });
});

describe('erasing a member', () => {
  it('is possible for anyone, and then nothing more can be done', () => {
    lan(left('2008-01-01'))
      .when({ type: 'erase', today: day('2014-01-01'), reason: 'theo yêu cầu' })
      .then([erased('2014-01-01')]);
    for (const command of [leave('2008-01-01'), exempt('2008-01-01'), transfer('det', '2008-01-01'), correct({})]) {
      lan(erased('2007-01-01')).when(command).thenRefused('member-erased', { member: 'lan' });
    }
  });
  it('needs a member', () => {
    given(memberDecider).when(leave('2008-01-01')).thenRefused('member-not-found');
  });
});

describe('any commands in any order of days', () => {
  const on = fc.integer({ min: 2004, max: 2013 }).map((year) => `${year}-01-01`);
  const place = fc.constantFrom('soi', 'det', 'may');
  const merged = treeWith(mergedInto('soi', 'det', '2008-01-01'));
  const command: fc.Arbitrary<MemberCommand> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(place, on).map(([to, when]) => ({ ...transfer(to, when), organisations: merged })),
    },
    on.map(leave),
    on.map((when) => ({ type: 'officialise' as const, on: day(when) })),
    fc.tuple(on, fc.option(on, { nil: undefined })).map(([from, until]) => exempt(from, until)),
    fc
      .tuple(place, on)
      .map(([to, from]) => ({ ...correct({ cell: cell(to), from: day(from) }), organisations: merged })),
  );
  it('leave one cell a day from the first to the last, that is there, and exemptions apart', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
        const end = [{ ...admit, organisations: merged }, ...commands].reduce((state, each: MemberCommand) => {
          try {
            return fold(memberDecider, state, memberDecider.decide(each, state));
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            return state;
          }
        }, memberDecider.initialState);
        if (!end) throw new Error('nobody was admitted');
        const { stays, exemptions } = end.life;
        stays.forEach((stay, index) => {
          expect(stay.until === undefined || stay.from < stay.until).toBe(true);
          if (index > 0) expect(stays[index - 1]?.until).toBe(stay.from);
        });
        exemptions.forEach((span, index) => {
          const before = exemptions[index - 1];
          if (before) expect(before.until !== undefined && before.until <= span.from).toBe(true);
        });
        expect(stayOn(end.life, day('2008-01-01'))?.cell).not.toBe('soi');
        expect(memberDecider.decide({ type: 'follow', organisations: merged }, end)).toEqual([]);
        const last = leftOn(end.life);
        if (last !== undefined) expect(stayOn(end.life, last)).toBeUndefined();
      }),
      { ...fcSeed(), numRuns: 500 },
    );
  });
});

describe('what is stored of a member', () => {
  goldenEvents({
    folder: join(__dirname, '../golden'),
    schema: MemberEvent,
    codec: memberCodec,
    samples: {
      MemberAdmitted: MemberEvent.options[0].parse({
        ...admitted('2005-03-01', { standing: 'official', officialOn: day('2006-01-01') }),
        ...{ workUnit: 'Tổ 2', expertise: 'Kỹ sư dệt', candidate: 'quan-chung-1', sealed: 'v1.nonce.text' },
      }),
      MemberTransferred: MemberEvent.options[1].parse({
        ...transferred('soi', 'det', '2009-01-01', 'soi'),
        ...{ workUnit: 'Tổ 3', successor: 'minh' },
      }),
      MemberOfficialised: officialised('2006-01-01'),
      MemberExempted: exempted('2006-01-01', '2006-07-01'),
      MemberExemptionEnded: { ...at('2006-03-01'), type: 'MemberExemptionEnded' },
      MemberLeft: { ...left('2008-01-01'), reason: 'transferred-out', successor: MemberId.parse('minh') },
      MemberCorrected: {
        ...{ ...at('2014-12-31'), type: 'MemberCorrected', standing: 'official', sealed: 'v1.nonce.text' },
        life: {
          ...{ ...life, officialOn: day('2006-01-01'), expertise: 'Kỹ sư dệt' },
          stays: [{ cell: cell('soi'), from: day('2005-01-01'), until: day('2008-01-01'), workUnit: 'Tổ 2' }],
          exemptions: [{ from: day('2006-01-01'), until: day('2006-07-01') }],
        },
      },
      MemberErased: erased('2014-01-01'),
    },
  });
});
