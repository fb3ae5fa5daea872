import type { MemberFact } from '@phancong/contracts';
import { inMemoryEventStore, systemClock } from '@phancong/event-sourcing';
import { day, memberId, org, organisations } from './testing/example.ts';
import { type AssignmentServer, keptInMemory, startAssignment } from './testing/start-assignment.ts';

const admitted = (id: string, cell = 'weaving', more?: object): MemberFact => ({
  ...{ type: 'MemberAdmitted', occurredAt: day('2004-01-01'), member: memberId(id), code: id, cell: org(cell) },
  ...{ admittedOn: day('2003-01-01'), officialOn: day('2004-01-01'), ...more },
});
const group = (id: string, kind: string, organisation: string, more?: object) => ({
  ...{ id, code: id, name: id, kind, organisation, headcount: 20, from: '2004-01-01', ...more },
});

describe('what was written about assignments', () => {
  let server: AssignmentServer;
  let now: string;
  const post = async (path: string, body: unknown): Promise<void> => {
    const { status, body: answer } = await server.request('POST', `/assignment/${path}`, { body });
    if (status >= 400) throw new Error(JSON.stringify(answer));
  };
  const get = (path: string) => server.request('GET', `/assignment/${path}`);

  beforeEach(async () => {
    now = '2005-01-10T08:00:00Z';
    const clock = () => (now === '' ? systemClock() : new Date(now));
    server = await startAssignment({ ...keptInMemory(), store: inMemoryEventStore(clock) });
    await server.tell(
      ...organisations,
      admitted('lan', 'weaving', { workUnit: 'Tổ dệt' }),
      admitted('binh', 'dyeing'),
      admitted('chi', 'physics', { expertise: 'Vật lý' }),
    );
    await server.settled();
    await post('groups/bulk', {
      groups: [
        group('ward', 'residents', 'mill'),
        group('team', 'workers', 'mill', { workUnit: 'Tổ dệt', headcount: 80 }),
        group('lab', 'researchers', 'school'),
      ],
    });
    await post('assignments', { id: 'a1', member: 'lan', group: 'ward', content: ['dân số'], from: '2005-01-01' });
    now = '2006-01-10T08:00:00Z';
    await post('assignments/a1/change-content', { on: '2006-01-01', content: ['khuyến học'] });
    now = '2008-03-01T08:00:00Z';
    await post('assignments/a1/suspend', { on: '2005-06-01', until: '2005-09-01', reason: 'ốm' });
    await post('assignments/a1/end', { on: '2008-01-01', reason: 'xong' });
  });
  afterEach(() => server.close());

  describe('GET /assignment/members/{id}/assignments', () => {
    it.each([
      ['', { status: 'ended', until: '2008-01-01', content: ['khuyến học'] }],
      ['?asOf=2005-05-01', { status: 'active', content: ['dân số'] }],
      ['?asOf=2005-07-01', { status: 'suspended' }],
      ['?asOf=2005-07-01&knownAt=2008-02-01T00:00:00Z', { status: 'active', suspensions: [] }],
      ['?asOf=2007-07-01&knownAt=2006-01-01T07:00:00%2B07:00', { content: ['dân số'] }],
      ['?asOf=2007-07-01&knownAt=2007-01-01T00:00:00Z', { content: ['khuyến học'] }],
    ])('as of a day, as known at an instant: %s', async (query, view) => {
      const { status, body } = await get(`members/lan/assignments${query}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ items: [{ id: 'a1', ...view }] });
    });

    it.each(['?asOf=2008-01-01', '?asOf=2004-12-31', '?knownAt=2005-01-10T07:59:59Z'])(
      'is empty: %s',
      async (query) => {
        expect((await get(`members/lan/assignments${query}`)).body).toEqual({ items: [] });
      },
    );

    it('is empty for a member without a book, and not found for a stranger', async () => {
      expect(await get('members/binh/assignments')).toMatchObject({ status: 200, body: { items: [] } });
      expect(await get('members/none/assignments')).toMatchObject({ status: 404, body: { code: 'member-not-found' } });
    });

    it.each(['asOf=yesterday', 'knownAt=2008-02-01', 'kown=1'])('refuses %s', async (query) => {
      expect(await get(`members/lan/assignments?${query}`)).toMatchObject({
        status: 422,
        body: { code: 'invalid-input' },
      });
    });
  });

  describe('GET /assignment/assignments/{id}/history', () => {
    it('tells every entry in the order in which it was written, and what it left', async () => {
      expect((await get('assignments/a1/history')).body).toMatchObject({
        items: [
          { event: 'AssignmentMade', by: 'local-operator', occurredOn: '2005-01-01', after: { status: 'active' } },
          { event: 'AssignmentContentChanged', occurredOn: '2006-01-01', after: { content: ['khuyến học'] } },
          { event: 'AssignmentSuspended', recordedAt: '2008-03-01T08:00:00.000Z', reason: 'ốm', after: {} },
          { event: 'AssignmentEnded', reason: 'xong', after: { until: '2008-01-01', status: 'ended' } },
        ],
      });
    });

    it('as of a day, as known at an instant', async () => {
      const events = async (query: string): Promise<unknown> => {
        const { body } = await get(`assignments/a1/history?${query}`);
        const items =
          typeof body === 'object' && body && 'items' in body && Array.isArray(body.items) ? body.items : [];
        return items.map(({ event }) => event);
      };
      expect(await events('asOf=2005-12-31')).toEqual(['AssignmentMade', 'AssignmentSuspended']);
      expect(await events('knownAt=2007-01-01T00:00:00Z')).toEqual(['AssignmentMade', 'AssignmentContentChanged']);
      expect(await events('asOf=2005-12-31&knownAt=2007-01-01T00:00:00Z')).toEqual(['AssignmentMade']);
    });

    it('begins with the registration', async () => {
      await post('registrations', { id: 'r1', member: 'binh', group: 'ward', on: '2008-02-01' });
      await post('registrations/r1/approve', { on: '2008-03-01' });
      expect((await get('assignments/r1/history')).body).toMatchObject({
        items: [
          { event: 'RegistrationMade', after: { status: 'pending' } },
          { event: 'AssignmentMade', after: { origin: 'self-registered', status: 'active' } },
        ],
      });
      expect(await get('assignments/none/history')).toMatchObject({ status: 404 });
    });
  });

  describe('GET /assignment/suggestions', () => {
    const suggested = async (query: string): Promise<unknown> => {
      await server.settled();
      return (await get(`suggestions?${query}`)).body;
    };

    it('names members with room, and the groups that fit them', async () => {
      expect(await suggested('organisation=bloc')).toEqual({
        items: [
          { member: 'binh', cell: 'dyeing', active: 0, groups: [{ id: 'ward', core: false }] },
          { member: 'chi', cell: 'physics', active: 0, groups: [{ id: 'lab', core: false }] },
          {
            ...{ member: 'lan', cell: 'weaving', active: 0 },
            groups: [
              { id: 'team', core: true },
              { id: 'ward', core: false },
            ],
          },
        ],
      });
    });

    it('for one group, a day and a part of the tree', async () => {
      expect(await suggested('organisation=mill&group=ward')).toMatchObject({
        items: [{ member: 'binh' }, { member: 'lan' }],
      });
      expect(await suggested('organisation=mill&group=ward&asOf=2006-01-01')).toMatchObject({
        items: [{ member: 'binh' }],
      });
      expect(await suggested('organisation=school&group=team')).toEqual({ items: [] });
    });

    it('leaves out who is exempt or has all that the policy allows', async () => {
      await server.tell({ type: 'MemberExempted', occurredAt: day('2014-01-01'), member: memberId('binh') });
      const more = ['g1', 'g2', 'g3'].map((id) => group(id, 'residents', 'school'));
      await post('groups/bulk', { groups: more });
      const assignments = more.map(({ id }) => ({ member: 'lan', group: id, from: '2014-01-01' }));
      await post('assignments/bulk', { assignments });
      expect(await suggested('organisation=mill')).toEqual({ items: [] });
    });

    it('page by page; malformed, unknown', async () => {
      const first = await suggested('organisation=bloc&limit=2');
      expect(first).toMatchObject({ items: [{ member: 'binh' }, { member: 'chi' }], next: expect.any(String) });
      const next = typeof first === 'object' && first && 'next' in first ? first.next : '';
      expect(await suggested(`organisation=bloc&limit=2&cursor=${next}`)).toMatchObject({ items: [{ member: 'lan' }] });
      expect(await get('suggestions')).toMatchObject({ status: 422, body: { code: 'invalid-input' } });
      expect(await get('suggestions?organisation=none')).toMatchObject({ status: 404 });
    });
  });
});
