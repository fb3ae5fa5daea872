import { setTimeout } from 'node:timers/promises';
import { type EventStore, inMemoryEventStore } from '@phancong/event-sourcing';
import { done, type MembershipServer, startMembership } from './testing/start-membership.ts';

const lan = { code: '79.001', cell: 'det', standing: 'official', admittedOn: '2004-02-03', name: 'Nguyễn Thị Lan' };

/** As on a disk: what is written is there only after a while, in which other requests come. */
const slow = (store: EventStore): EventStore => ({
  ...store,
  append: async (...what) => {
    await setTimeout(5);
    return store.append(...what);
  },
});

describe('codes of members who are told of at the same time', () => {
  let server: MembershipServer;
  beforeEach(async () => {
    server = await startMembership(slow(inMemoryEventStore()));
    const bloc = { id: 'khoi', code: 'K', name: 'Đảng bộ Khối', kind: 'bloc', from: '2000-01-01' };
    done(await server.post('organisations', bloc));
    done(await server.post('organisations', { ...bloc, id: 'det', code: 'D', kind: 'cell', parent: 'khoi' }));
    done(await server.post('members', { ...lan, id: 'lan' }));
    const introduced = { introducedBy: 'lan', introducedOn: '2008-01-01', consentOn: '2008-01-01', name: 'Bình' };
    done(await server.post('candidates', { ...introduced, id: 'binh' }));
    done(await server.post('candidates/binh/train', { on: '2009-01-01' }));
  });
  afterEach(() => server.close());

  const admit = (id: string | undefined, code: string) => server.post('members', { ...lan, id, code });
  const admitCandidate = (member: string, code: string) =>
    server.post('candidates/binh/admit', { on: '2009-05-19', cell: 'det', member, code });
  const claims = async () => (await server.store.readAll(0, 1_000)).filter(({ type }) => type === 'MemberCodeClaimed');

  it('are not kept by who was refused: one id, two codes, two ways of coming to be', async () => {
    const both = await Promise.all([admit('binh', '79.002'), admitCandidate('binh', '79.003')]);
    expect(both.map(({ status }) => status < 300).sort()).toEqual([false, true]);
    expect(await claims()).toHaveLength(2);
    const others = await Promise.all(['79.002', '79.003'].map((code) => admit(undefined, code)));
    expect(others.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('go to one of two members', async () => {
    const both = await Promise.all([admit('chi', '79.002'), admitCandidate('binh', '79.002')]);
    expect(both.map(({ status }) => status < 300).sort()).toEqual([false, true]);
    expect(await claims()).toHaveLength(2);
  });
});
