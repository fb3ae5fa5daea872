import type { MemberFact } from '@phancong/contracts';
import type { EventStore } from '@phancong/event-sourcing';
import fc from 'fast-check';
import { setTimeout } from 'node:timers/promises';
import { day, memberId, org, organisations } from './testing/example.ts';
import { type AssignmentServer, keptInMemory, startAssignment } from './testing/start-assignment.ts';

const FC_SEED = process.env['FC_SEED'];
fc.configureGlobal({
  numRuns: Number(process.env['FC_RUNS'] ?? 30),
  ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }),
});

const MEMBERS = ['lan', 'binh'];
const admitted = (id: string): MemberFact => ({
  ...{ type: 'MemberAdmitted', occurredAt: day('2004-01-01'), member: memberId(id), code: id, cell: org('weaving') },
  ...{ admittedOn: day('2003-01-01'), officialOn: day('2004-01-01') },
});
const group = { kind: 'residents', organisation: 'mill', headcount: 20, from: '2004-01-01', name: 'x' };
const ward = { ...group, id: 'ward', code: 'ward' };

/** As on a disk: what is written is there only after a while, in which other requests come. */
const slow = (store: EventStore): EventStore => ({
  ...store,
  append: async (...what) => {
    await setTimeout(5);
    return store.append(...what);
  },
});

describe('commands that are given at the same time', () => {
  let kept = keptInMemory();
  let server: AssignmentServer;
  beforeEach(async () => {
    const memory = keptInMemory();
    kept = { ...memory, store: slow(memory.store) };
    server = await startAssignment(kept);
    await server.tell(...organisations, ...MEMBERS.map(admitted));
    await server.settled();
    await post('groups', ward);
  });
  afterEach(() => server.close());

  const post = async (path: string, body: unknown): Promise<string> => {
    const answer = await server.request('POST', `/assignment/${path}`, { body });
    const told = typeof answer.body === 'object' && answer.body && 'code' in answer.body ? answer.body.code : 'done';
    return String(told);
  };
  const assign = (id: string | undefined, member: string, to = 'ward', from = '2005-01-01') =>
    post('assignments', { id, member, group: to, from });
  /** What the log holds of a type, and in which streams. */
  const logged = async (type: string) => (await kept.store.readAll(0, 10_000)).filter((event) => event.type === type);
  /** Names that were claimed for something which does not carry them. */
  const leftBehind = async (): Promise<readonly string[]> => {
    const made = new Set<string>();
    for (const { type, stream, data } of await kept.store.readAll(0, 10_000)) {
      const { assignment, group: formed, code } = JSON.parse(data);
      if (type === 'AssignmentMade' || type === 'RegistrationMade')
        made.add(`${stream.slice('book-'.length)} ${assignment}`);
      if (type === 'GroupFormed') made.add(`${formed} ${code}`);
    }
    const claims = [...(await logged('AssignmentIdClaimed')), ...(await logged('GroupCodeClaimed'))];
    return claims
      .map(({ data }) => JSON.parse(data))
      .flatMap(({ owner, code }) => (made.has(`${owner} ${code}`) ? [] : [`${owner} ${code}`]));
  };

  it('form one group of an id, and leave the other’s code', async () => {
    const twice = ['A1', 'A2'].map((code) => post('groups', { ...group, id: 'team', code }));
    expect((await Promise.all(twice)).sort()).toEqual(['already-exists', 'done']);
    expect(await leftBehind()).toEqual([]);
    const others = ['A1', 'A2'].map((code) => post('groups', { ...group, code }));
    expect((await Promise.all(others)).sort()).toEqual(['done', 'group-code-taken']);
  });

  it('make one assignment to a group, and leave the other’s id', async () => {
    expect((await Promise.all(['a1', 'a2'].map((id) => assign(id, 'lan')))).sort()).toEqual([
      'already-assigned',
      'done',
    ]);
    expect(await leftBehind()).toEqual([]);
    const other = (await logged('AssignmentIdClaimed')).some(({ data }) => data.includes('a1')) ? 'a2' : 'a1';
    expect(await assign(other, 'binh')).toBe('done');
  });

  it('make one assignment to a group, though only one of them names an id', async () => {
    expect((await Promise.all([assign('a1', 'lan'), assign(undefined, 'lan')])).sort()).toEqual([
      'already-assigned',
      'done',
    ]);
    expect(await leftBehind()).toEqual([]);
  });

  it('make one assignment of an id', async () => {
    expect((await Promise.all(MEMBERS.map((member) => assign('a1', member)))).sort()).toEqual([
      'already-exists',
      'done',
    ]);
    expect(await leftBehind()).toEqual([]);
  });

  it('leave nothing of those that are refused, whatever they are', async () => {
    const id = fc.constantFrom('a1', 'a2', 'a3', undefined);
    const about = { id, member: fc.constantFrom('m1', 'm2'), group: fc.constantFrom('g1', 'g2') };
    const command = fc.oneof(
      fc.record({ path: fc.constant('groups'), id: fc.constantFrom('g2', 'g3'), code: fc.constantFrom('A1', 'A2') }),
      fc.record({ path: fc.constant('registrations'), ...about }),
      fc.record({ path: fc.constant('assignments'), ...about }),
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 2, maxLength: 12 }), async (commands) => {
        run += 1;
        const mine = (name: string | undefined) => (name === undefined ? undefined : `${name}-${run}`);
        await server.tell(admitted(`m1-${run}`), admitted(`m2-${run}`));
        await server.settled();
        await post('groups', { ...group, id: mine('g1'), code: mine('g1') });
        const given = commands.map((one) => {
          if ('code' in one) return post(one.path, { ...group, id: mine(one.id), code: mine(one.code) });
          const asked = { id: mine(one.id), member: mine(one.member), group: mine(one.group) };
          return post(one.path, { ...asked, [one.path === 'assignments' ? 'from' : 'on']: '2005-01-01' });
        });
        await Promise.all(given);
        expect(await leftBehind()).toEqual([]);
      }),
    );
  }, 30_000);
});
