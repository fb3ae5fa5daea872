import { CandidateId, GroupId, MemberId, OrganisationId } from '@phancong/contracts';
import { Day, fold } from '@phancong/event-sourcing';
import { given, goldenEvents } from '@phancong/event-sourcing/testing';
import { join } from 'node:path';
import { candidateDecider } from './candidate.ts';
import { candidateCodec, CandidateEvent } from './candidate-event.ts';
import { memberCodeCodec, MemberCodeEvent } from './member-code.ts';
import { organisationTree } from './organisation-tree.ts';
import { noOrganisations } from './organisations.ts';

const day = (text: string) => Day.parse(text);
const binh = CandidateId.parse('binh');
const lan = MemberId.parse('lan');
const soi = OrganisationId.parse('soi');
const at = (on: string) => ({ candidate: binh, occurredAt: day(on) });

const organisations = fold(organisationTree, noOrganisations, [
  {
    ...{ type: 'OrganisationRegistered', organisation: soi, occurredAt: day('2004-01-01') },
    ...{ code: 'S', name: 'Chi bộ Sợi', kind: 'cell' },
  },
]);
const lanLife = {
  ...{ member: lan, code: '79.1', admittedOn: day('2004-01-01'), exemptions: [] },
  stays: [{ cell: soi, from: day('2004-01-01'), until: day('2012-01-01') }],
};

const introduced = {
  ...{ ...at('2008-05-19'), type: 'CandidateIntroduced' as const, introducedBy: lan },
  ...{ consentOn: day('2008-05-01'), sealed: 'binh' },
};
const trained = (on: string) => ({ ...at(on), type: 'CandidateTrained' as const, introducedBy: lan });
const admitted = (on: string, member = 'm1') => ({
  ...{ ...at(on), type: 'CandidateAdmitted' as const, introducedBy: lan, cell: soi, code: '79.2' },
  member: MemberId.parse(member),
});
const refused = (on: string) => ({
  ...{ ...at(on), type: 'CandidateAdmissionRefused' as const, member: MemberId.parse('m1') },
  refusal: 'organisation-closed',
});
const withdrawn = (on: string) => ({
  ...at(on),
  ...{ type: 'CandidateWithdrawn' as const, introducedBy: lan, sealed: 'chuyển công tác' },
});
const erased = { ...at('2014-01-01'), type: 'CandidateErased' as const, reason: 'theo yêu cầu' };

const introduce = {
  ...{ type: 'introduce' as const, candidate: binh, introducedBy: lan, introducer: lanLife },
  ...{ on: day('2008-05-19'), consentOn: day('2008-05-01'), sealed: 'binh' },
};
const train = (on: string) => ({ type: 'train' as const, on: day(on) });
const admit = (on: string, member = 'm1') => ({
  ...{ type: 'admit' as const, on: day(on), cell: soi, code: '79.2', member: MemberId.parse(member), organisations },
});
const withdraw = (on: string) => ({ type: 'withdraw' as const, on: day(on), sealed: 'chuyển công tác' });
const known = (...events: readonly CandidateEvent[]) => given(candidateDecider, [introduced, ...events]);

describe('introducing a candidate', () => {
  it('needs consent, not later than the introduction', () => {
    given(candidateDecider).when(introduce).then([introduced]);
    given(candidateDecider)
      .when({ ...introduce, consentOn: day('2008-05-20') })
      .thenRefused('consent-after-introduction', { consentOn: '2008-05-20', on: '2008-05-19' });
  });
  it('needs a member who is in a cell on that day', () => {
    given(candidateDecider)
      .when({ ...introduce, introducer: undefined })
      .thenRefused('introducer-not-found', { member: 'lan' });
    given(candidateDecider)
      .when({ ...introduce, on: day('2012-01-01') })
      .thenRefused('introducer-not-a-member', { member: 'lan', on: '2012-01-01' });
  });
  it('happens once', () => {
    known().when(introduce).thenRefused('already-exists', { id: 'binh' });
  });
});

describe('training a candidate', () => {
  it('happens once, between introduction and withdrawal', () => {
    known()
      .when(train('2009-01-01'))
      .then([trained('2009-01-01')]);
    known(trained('2009-01-01')).when(train('2009-02-01')).thenRefused('already-trained', { on: '2009-01-01' });
    known().when(train('2008-05-18')).thenRefused('before-introduction');
    known(withdrawn('2009-01-01')).when(train('2009-01-01')).thenRefused('candidate-withdrawn', { on: '2009-01-01' });
    known(withdrawn('2009-01-01'))
      .when(train('2008-12-31'))
      .then([trained('2008-12-31')]);
  });
});

describe('admitting a candidate', () => {
  it('follows the training', () => {
    known(trained('2009-01-01'))
      .when(admit('2009-05-19'))
      .then([admitted('2009-05-19')]);
    known().when(admit('2009-05-19')).thenRefused('not-trained');
    known(trained('2009-06-01')).when(admit('2009-05-19')).thenRefused('not-trained', { on: '2009-05-19' });
  });
  it('needs a cell that is there', () => {
    known(trained('2009-01-01'))
      .when({ ...admit('2009-05-19'), cell: OrganisationId.parse('none') })
      .thenRefused('organisation-not-found', { organisation: 'none' });
  });
  it('happens once, unless the member could not be made', () => {
    const before = [trained('2009-01-01'), admitted('2009-05-19')];
    known(...before)
      .when(admit('2010-05-19', 'm2'))
      .thenRefused('already-admitted', { on: '2009-05-19' });
    known(...before)
      .when(withdraw('2010-01-01'))
      .thenRefused('already-admitted');
    known(...before)
      .when({ type: 'refuse-admission', member: MemberId.parse('m1'), refusal: 'organisation-closed' })
      .then([refused('2009-05-19')]);
    known(...before, refused('2009-05-19'))
      .when({ type: 'refuse-admission', member: MemberId.parse('m1'), refusal: 'organisation-closed' })
      .thenNothing();
    known(...before, refused('2009-05-19'))
      .when(admit('2010-05-19', 'm2'))
      .then([admitted('2010-05-19', 'm2')]);
  });
  it('is noted when the member is there, once, whatever has become of the candidate', () => {
    const note = (member: string) => {
      const { on, cell, code } = admit('2009-05-19');
      return { type: 'note-admission' as const, on, cell, code, member: MemberId.parse(member) };
    };
    for (const later of [[], [withdrawn('2009-01-01')], [erased]]) {
      known(...later)
        .when(note('m1'))
        .then([admitted('2009-05-19')]);
    }
    const before = [trained('2009-01-01'), admitted('2009-05-19')];
    known(...before)
      .when(note('m1'))
      .thenNothing();
    const other = { ...refused('2009-05-19'), member: MemberId.parse('m2'), refusal: 'already-admitted' };
    known(...before)
      .when(note('m2'))
      .then([other]);
    known(...before, other)
      .when(withdraw('2010-01-01'))
      .thenRefused('already-admitted');
  });
  it('is not possible once withdrawn, and told late names the withdrawal', () => {
    const before = [trained('2009-01-01'), withdrawn('2010-01-01')];
    known(...before)
      .when(admit('2010-01-01'))
      .thenRefused('candidate-withdrawn');
    known(...before)
      .when(admit('2009-05-19'))
      .thenRefused('conflicts-with-later-entry', {
        ...{ type: 'CandidateWithdrawn', occurredAt: '2010-01-01', revision: 2 },
      });
  });
});

describe('withdrawing and erasing a candidate', () => {
  it('withdraws once, not before the training', () => {
    known()
      .when(withdraw('2009-01-01'))
      .then([withdrawn('2009-01-01')]);
    known(withdrawn('2009-01-01')).when(withdraw('2010-01-01')).thenRefused('candidate-withdrawn');
    for (const on of ['2008-12-31', '2009-01-01']) {
      known(trained('2009-01-01'))
        .when(withdraw(on))
        .thenRefused('conflicts-with-later-entry', { type: 'CandidateTrained', occurredAt: '2009-01-01', revision: 1 });
    }
  });
  it('erases anyone, and then nothing more can be done', () => {
    const erase = { type: 'erase' as const, today: day('2014-01-01'), reason: 'theo yêu cầu' };
    known(trained('2009-01-01')).when(erase).then([erased]);
    for (const command of [erase, train('2009-01-01'), withdraw('2009-01-01')]) {
      known(erased).when(command).thenRefused('candidate-erased', { candidate: 'binh' });
    }
  });
  it('needs a candidate', () => {
    given(candidateDecider).when(train('2009-01-01')).thenRefused('candidate-not-found');
  });
});

describe('the code of a member', () => {
  const claimed = (member: string) => ({
    ...{ type: 'MemberCodeClaimed' as const, occurredAt: day('2014-12-31'), code: '79.2', candidate: binh },
    member: MemberId.parse(member),
  });
  goldenEvents({
    folder: join(__dirname, '../golden'),
    schema: MemberCodeEvent,
    codec: memberCodeCodec,
    samples: { MemberCodeClaimed: claimed('m1') },
  });
});

describe('what is stored of a candidate', () => {
  goldenEvents({
    folder: join(__dirname, '../golden'),
    schema: CandidateEvent,
    codec: candidateCodec,
    samples: {
      CandidateIntroduced: { ...introduced, group: GroupId.parse('to-soi-1'), sealed: 'v1.nonce.text' },
      CandidateTrained: trained('2009-01-01'),
      CandidateAdmitted: admitted('2009-05-19'),
      CandidateAdmissionRefused: refused('2009-05-19'),
      CandidateWithdrawn: withdrawn('2010-01-01'),
      CandidateErased: erased,
    },
  });
});
