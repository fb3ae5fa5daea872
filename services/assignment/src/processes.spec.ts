import { type MemberFact, MemberId, type MemberLife, type OrganisationFact } from '@phancong/contracts';
import type { ReadModels } from '@phancong/read-models';
import { commandHandler, newCommandId } from '@phancong/event-sourcing';
import { bookDecider, bookStream } from './assignment-book.ts';
import { bookCodec } from './book-event.ts';
import { groupCodec, groupDecider } from './group.ts';
import { defaultPolicy } from './policy.ts';
import { assignmentId, day, lifeOf, memberId, org, organisations, stay, tree } from './testing/example.ts';
import { type AssignmentServer, type Kept, keptInMemory, startAssignment } from './testing/start-assignment.ts';

const admitted = (id: string, cell = 'weaving'): MemberFact => ({
  ...{ type: 'MemberAdmitted', occurredAt: day('2004-01-01'), member: memberId(id), code: id, cell: org(cell) },
  ...{ admittedOn: day('2003-01-01'), officialOn: day('2004-01-01') },
});
const named = (successor: string | undefined) => (successor === undefined ? {} : { successor: memberId(successor) });
const left = (on: string, successor?: string): MemberFact => ({
  ...{ type: 'MemberLeft', occurredAt: day(on), member: memberId('lan'), reason: 'resigned', ...named(successor) },
});
const transferred = (on: string, from: string, to: string, successor?: string): MemberFact => ({
  ...{ type: 'MemberTransferred', occurredAt: day(on), member: memberId('lan'), ...named(successor) },
  ...{ from: org(from), to: org(to) },
});
const corrected = (life: MemberLife): MemberFact => ({
  ...{ type: 'MemberCorrected', occurredAt: day('2004-01-01'), member: life.member, life },
});

const group = (id: string, kind: string, organisation: string) => ({
  ...{ id, code: id, name: id, kind, organisation, headcount: 20, from: '2004-01-01' },
});
/** One with residents, one of the mill, one of the weaving shop: a move to the dyers ends only the last. */
const groups = [
  group('ward', 'residents', 'school'),
  group('mill', 'workers', 'mill'),
  group('shop', 'workers', 'weaving'),
];
const assignments = groups.map(({ id }) => ({ id: `lan-${id}`, member: 'lan', group: id, from: '2005-01-01' }));

/** Dies at its first attempts to commit what the process did: the commands are given, the position is not kept. */
const dyingBeforeCommit = (readModels: ReadModels): ReadModels => ({
  ...readModels,
  commit: (projection, source, through, work) =>
    readModels.commit(projection, source, through, async (session, after) => {
      await work(session, after);
      if (projection.name === 'settling') throw Object.assign(new Error('killed'), { transient: true });
    }),
});

describe('settling', () => {
  let kept: Kept;
  let server: AssignmentServer;
  const restarted = async (on: Kept = kept): Promise<void> => {
    await server.close();
    server = await startAssignment(on);
  };
  const post = (path: string, body: unknown) => server.request('POST', `/assignment/${path}`, { body });
  const get = async (path: string): Promise<unknown> => (await server.request('GET', `/assignment/${path}`)).body;
  /** Of each assignment of the member, its days. */
  const days = async (member = 'lan'): Promise<unknown> => {
    await server.settled();
    const { body } = await server.request('GET', `/assignment/members/${member}/assignments`);
    const items: readonly { id: string; group: string; from: string; until?: string }[] =
      typeof body === 'object' && body && 'items' in body && Array.isArray(body.items) ? body.items : [];
    return Object.fromEntries(
      items.map(({ group: to, from, until }) => [to, until === undefined ? from : `${from} – ${until}`]),
    );
  };
  const untouched = { ward: '2005-01-01', mill: '2005-01-01', shop: '2005-01-01' };

  beforeEach(async () => {
    kept = keptInMemory();
    server = await startAssignment(kept);
    await server.tell(...organisations, admitted('lan'), admitted('binh'), admitted('chi', 'physics'));
    await server.settled();
    await post('groups/bulk', { groups });
    expect((await post('assignments/bulk', { assignments })).body).toMatchObject({ accepted: 3 });
  });
  afterEach(() => server.close());

  it('ends everything when the member leaves', async () => {
    await server.tell(left('2008-01-01'));
    const until = '2005-01-01 – 2008-01-01';
    expect(await days()).toEqual({ ward: until, mill: until, shop: until });
    expect(await get('assignments/lan-shop/history')).toMatchObject({
      items: [
        { event: 'AssignmentMade', by: 'local-operator', after: { status: 'active' } },
        { event: 'AssignmentEnded', by: 'process:settling', occurredOn: '2008-01-01', reason: 'member-left' },
      ],
    });
  });

  it('keeps on a move what belongs above the new cell, and residents', async () => {
    await server.tell(transferred('2008-01-01', 'weaving', 'dyeing'));
    expect(await days()).toEqual({ ...untouched, shop: '2005-01-01 – 2008-01-01' });
    await server.tell(transferred('2009-01-01', 'dyeing', 'physics'));
    expect(await days()).toEqual({
      ...{ ward: '2005-01-01', mill: '2005-01-01 – 2009-01-01', shop: '2005-01-01 – 2008-01-01' },
    });
  });

  it('passes the rest to the successor who is named', async () => {
    await server.tell(transferred('2008-01-01', 'weaving', 'dyeing', 'binh'));
    expect(await days()).toEqual({ ...untouched, shop: '2005-01-01 – 2008-01-01' });
    expect(await days('binh')).toEqual({ shop: '2008-01-01' });
    expect(await get('members/binh/assignments')).toMatchObject({ items: [{ takenOverFrom: 'lan-shop' }] });
  });

  it('says when the successor cannot take it', async () => {
    await post('assignments', { ...assignments[0], id: 'binh-ward', member: 'binh' });
    await server.tell(left('2008-01-01', 'binh'));
    expect(await days('binh')).toEqual({ ward: '2005-01-01', mill: '2008-01-01', shop: '2008-01-01' });
    const handedOver = { to: 'binh', refused: 'already-assigned' };
    expect(await get('assignments/lan-ward')).toMatchObject({ until: '2008-01-01', handedOver });
    expect(await get('assignments/lan-ward/history')).toMatchObject({
      items: [{}, { event: 'AssignmentHandedOver' }, { event: 'HandOverRefused', reason: 'already-assigned' }],
    });
  });

  it('says so too when nobody knows the successor', async () => {
    await server.tell(left('2008-01-01', 'nobody'));
    await server.settled();
    expect(await get('assignments/lan-shop')).toMatchObject({ handedOver: { refused: 'member-not-found' } });
  });

  it('leaves the same days whatever order the moves were written in', async () => {
    await server.tell(transferred('2009-01-01', 'weaving', 'physics'));
    expect(await days()).toMatchObject({ shop: '2005-01-01 – 2009-01-01' });
    await server.tell(transferred('2007-01-01', 'weaving', 'dyeing'));
    expect(await days()).toEqual({
      ...{ ward: '2005-01-01', mill: '2005-01-01 – 2009-01-01', shop: '2005-01-01 – 2007-01-01' },
    });
  });

  it('follows a correction of the member’s life', async () => {
    await server.tell(corrected(lifeOf('lan', [stay('weaving', '2006-01-01', '2009-01-01')])));
    const within = '2006-01-01 – 2009-01-01';
    expect(await days()).toEqual({ ward: within, mill: within, shop: within });
  });

  it('gives back what ended with a leaving that never was', async () => {
    await server.tell(left('2008-01-01'));
    await server.settled();
    await server.tell(corrected(lifeOf('lan')));
    expect(await days()).toEqual(untouched);
    expect(await get('assignments/lan-shop/history')).toMatchObject({
      items: [{}, { event: 'AssignmentEnded' }, { event: 'AssignmentCorrected', reason: 'circumstances-changed' }],
    });
  });

  it('ends what belongs to a group that closes', async () => {
    await post('groups/mill/close', { on: '2010-01-01' });
    expect(await days()).toEqual({ ...untouched, mill: '2005-01-01 – 2010-01-01' });
  });

  it('follows what is written late about the tree', async () => {
    await server.tell(transferred('2008-01-01', 'weaving', 'dyeing'));
    expect(await days()).toMatchObject({ mill: '2005-01-01' });
    await server.tell({
      ...{
        type: 'OrganisationMoved',
        organisation: org('dyeing'),
        occurredAt: day('2007-01-01'),
        parent: org('school'),
      },
    });
    expect(await days()).toMatchObject({ mill: '2005-01-01 – 2008-01-01' });
    await server.tell({
      ...{ type: 'OrganisationMoved', organisation: org('dyeing'), occurredAt: day('2007-06-01'), parent: org('mill') },
    });
    expect(await days()).toMatchObject({ mill: '2005-01-01' });
  });

  const reorganised = (what: string, on: string, parent: string): OrganisationFact => ({
    ...{ type: 'OrganisationMoved', organisation: org(what), occurredAt: day(on), parent: org(parent) },
  });

  it.each([
    ['before', (facts: readonly (MemberFact | OrganisationFact)[]) => facts],
    ['after', (facts: readonly (MemberFact | OrganisationFact)[]) => facts.toReversed()],
  ])('ends what a move on the day of a reorganisation leaves behind, told %s it', async (_, inOrder) => {
    const facts = [transferred('2008-01-01', 'weaving', 'dyeing'), reorganised('dyeing', '2008-01-01', 'school')];
    for (const fact of inOrder(facts)) {
      await server.tell(fact);
      await server.settled();
    }
    expect(await days()).toEqual({
      ...{ ward: '2005-01-01', mill: '2005-01-01 – 2008-01-01', shop: '2005-01-01 – 2008-01-01' },
    });
  });

  it('follows what is written late about a committee that the cell came under only later', async () => {
    await server.tell(
      ...['spinning', 'mending'].map(
        (id): OrganisationFact => ({
          ...{
            type: 'OrganisationRegistered',
            organisation: org(id),
            occurredAt: day('2004-01-01'),
            code: id,
            name: id,
          },
          ...{ kind: 'sub-committee', parent: org('mill') },
        }),
      ),
      reorganised('dyeing', '2007-01-01', 'spinning'),
      transferred('2008-01-01', 'weaving', 'dyeing'),
    );
    expect(await days()).toMatchObject({ mill: '2005-01-01' });
    await server.tell(reorganised('spinning', '2006-01-01', 'school'));
    expect(await days()).toMatchObject({ mill: '2005-01-01 – 2008-01-01' });
    await server.tell(reorganised('dyeing', '2007-06-01', 'mending'));
    expect(await days()).toMatchObject({ mill: '2005-01-01' });
    expect(await get('assignments/lan-mill/history')).toMatchObject({
      items: [{}, { event: 'AssignmentEnded' }, { event: 'AssignmentCorrected', reason: 'circumstances-changed' }],
    });
  });

  it('ends also what was decided by someone who had not heard of the leaving', async () => {
    await server.tell({ ...left('2009-01-01'), member: memberId('binh') });
    await server.settled();
    const { state: mill } = await commandHandler(kept.store, groupDecider, groupCodec).load('group-mill');
    if (!mill) throw new Error('no mill');
    const unaware = { life: lifeOf('binh'), successors: [], tree };
    await commandHandler(kept.store, bookDecider, bookCodec).handle(
      'book-binh',
      {
        ...{ type: 'assign', member: memberId('binh'), assignment: assignmentId('late'), on: day('2010-01-01') },
        ...{ role: 'direct', content: [], circumstances: unaware, group: mill, policy: defaultPolicy },
      },
      { by: 'lan', command: newCommandId() },
    );
    expect(await days('binh')).toEqual({ mill: '2010-01-01 – 2010-01-01' });
  });

  it.each([
    ['leaves', [left('2008-01-01', 'binh')]],
    ['moves', [transferred('2008-01-01', 'weaving', 'physics', 'binh')]],
  ])('ends the same when the process dies before it has noted how far it came: the member %s', async (_, facts) => {
    await post('assignments', { ...assignments[0], id: 'binh-ward', member: 'binh' });
    await server.tell(...facts);
    const whole = [await days(), await days('binh')];
    const lengths = async (): Promise<readonly number[]> =>
      Promise.all(
        ['lan', 'binh'].map(async (id) => (await kept.store.readStream(bookStream(MemberId.parse(id)))).length),
      );
    const written = await lengths();

    // Again from the beginning, with a process that dies each time it has acted.
    await server.close();
    kept = keptInMemory();
    server = await startAssignment(kept);
    await server.tell(...organisations, admitted('lan'), admitted('binh'), admitted('chi', 'physics'));
    await server.settled();
    await post('groups/bulk', { groups });
    await post('assignments/bulk', { assignments });
    await post('assignments', { ...assignments[0], id: 'binh-ward', member: 'binh' });
    await server.settled();
    await restarted({ ...kept, readModels: dyingBeforeCommit(kept.readModels) });
    const acted = new Promise<void>((resolve) => kept.store.onAppended(() => resolve()));
    await server.tell(...facts);
    await acted;
    await restarted();
    expect([await days(), await days('binh')]).toEqual(whole);
    expect(await lengths()).toEqual(written);
  });

  it('does not try again what was refused, though the process died and there would be room by now', async () => {
    await post('assignments', { ...assignments[0], id: 'binh-ward', member: 'binh' });
    await server.settled();
    await restarted({ ...kept, readModels: dyingBeforeCommit(kept.readModels) });
    const refused = new Promise<void>((resolve, reject) => {
      const look = async (): Promise<void> => {
        const events = await kept.store.readAll(0, 1_000);
        if (events.some(({ type }) => type === 'HandOverRefused')) resolve();
      };
      kept.store.onAppended(() => void look().catch(reject));
    });
    await server.tell(left('2008-01-01', 'binh'));
    await refused;
    expect(await post('assignments/binh-ward/end', { on: '2007-01-01', reason: 'x' })).toMatchObject({ status: 200 });
    await restarted();
    expect(await days('binh')).toEqual({ ward: '2005-01-01 – 2007-01-01', mill: '2008-01-01', shop: '2008-01-01' });
  });
});
