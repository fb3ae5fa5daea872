import type { MemberFact } from '@phancong/contracts';
import { CommandAnswer } from '@phancong/nest';
import type { HttpAnswer } from '@phancong/nest/testing';
import { day, memberId, org, organisations } from './testing/example.ts';
import { type AssignmentServer, startAssignment } from './testing/start-assignment.ts';

const admitted = (id: string, cell = 'weaving', workUnit?: string): MemberFact => ({
  ...{
    type: 'MemberAdmitted',
    occurredAt: day('2004-01-01'),
    member: memberId(id),
    code: id,
    cell: org(cell),
    workUnit,
  },
  ...{ admittedOn: day('2003-01-01'), officialOn: day('2004-01-01') },
});
const group = {
  ...{ id: 'ward', code: 'DC-01', name: 'Cư dân khu phố 3', kind: 'residents', organisation: 'mill' },
  ...{ neighbourhood: 'Khu phố 3', headcount: 120, from: '2004-06-01' },
};
const team = { ...group, id: 'team', code: 'CN-01', kind: 'workers', workUnit: 'Tổ dệt', neighbourhood: undefined };
const assignment = { id: 'a1', member: 'lan', group: 'ward', content: ['dân số'], from: '2005-01-01' };

describe('the assignment service over HTTP', () => {
  let server: AssignmentServer;
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
    server.request('POST', `/assignment/${path}`, { body, headers });
  const get = (path: string): Promise<HttpAnswer> => server.request('GET', `/assignment/${path}`);
  const made = async (path: string, body: unknown): Promise<void> => {
    expect(await post(path, body)).toMatchObject({ body: { id: expect.any(String), revision: expect.any(Number) } });
  };
  const items = async (path: string): Promise<unknown> => {
    await server.settled();
    const { body } = await get(path);
    return body;
  };
  const refused = (answer: HttpAnswer, status: number, code: string): void => {
    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  };
  const invalid = (answer: HttpAnswer, path: string, code: string): void => {
    refused(answer, 422, 'invalid-input');
    expect(answer.body).toMatchObject({ errors: expect.arrayContaining([expect.objectContaining({ path, code })]) });
  };

  beforeEach(async () => {
    server = await startAssignment();
    await server.tell(...organisations, admitted('lan'), admitted('binh'), admitted('chi', 'physics'));
    await server.settled();
    await made('groups', group);
  });
  afterEach(() => server.close());

  describe('/assignment/groups', () => {
    it('forms one: 201, an ETag, and it is there', async () => {
      const answer = await post('groups', team);
      expect(answer).toMatchObject({ status: 201, body: { id: 'team', revision: 0 } });
      expect(answer.headers.get('etag')).toBe('"0"');
      expect((await get('groups/team')).body).toEqual({ ...team, open: true, revision: 0 });
    });

    it('makes an id, and refuses one that is used, or a code', async () => {
      const { id } = CommandAnswer.parse((await post('groups', { ...group, id: undefined, code: 'x' })).body);
      expect((await get(`groups/${id}`)).status).toBe(200);
      refused(await post('groups', { ...group, code: 'y' }), 409, 'already-exists');
      refused(await post('groups', { ...group, id: 'other', code: 'dc-01' }), 409, 'group-code-taken');
      // What was refused has not taken the code.
      await made('groups', { ...group, id: 'other', code: 'y' });
    });

    it('of one id and two codes leave the second code to others', async () => {
      const twice = { groups: [team, { ...team, code: 'CN-02' }] };
      expect((await post('groups/bulk', twice)).body).toMatchObject({
        ...{ accepted: 1, results: [{ id: 'team' }, { error: { code: 'already-exists' } }] },
      });
      await made('groups', { ...team, id: 'other', code: 'CN-02' });
      refused(await post('groups', { ...team, id: 'third', code: 'cn-01' }), 409, 'group-code-taken');
    });

    it('answers a repeated command again', async () => {
      const key = { 'idempotency-key': 'k1' };
      const first = await post('groups', team, key);
      expect(await post('groups', team, key)).toMatchObject({ status: 201, body: first.body });
      refused(await post('groups', { ...team, name: 'khác' }, key), 422, 'idempotency-key-reused');
    });

    it('refuses what is malformed or unknown', async () => {
      invalid(await post('groups', { ...team, headcount: -1 }), 'headcount', 'too-small');
      invalid(await post('groups', { ...team, kind: 'robots' }), 'kind', 'not-one-of');
      invalid(await post('groups', { ...team, members: ['An'] }), 'members', 'unknown-field');
      invalid(await post('groups', { ...team, name: '\t=1+1' }), 'name', 'like-formula');
      invalid(await post('groups', { ...team, name: '…' }), 'name', 'name-without-letters');
      invalid(await post('groups', { ...team, code: 'A1!!' }), 'code', 'code-invalid');
      invalid(await post('groups/bulk', { groups: [{ ...team, name: '@x' }] }), 'groups.0.name', 'like-formula');
      refused(await post('groups', { ...team, organisation: 'nowhere' }), 404, 'organisation-not-found');
      refused(await post('groups', { ...team, from: '2003-12-31' }), 409, 'organisation-not-there');
      refused(await get('groups/none'), 404, 'group-not-found');
      refused(await post('groups/none/recount', { headcount: 1, on: '2005-01-01' }), 404, 'group-not-found');
      refused(await post('groups/none/close', { on: '2005-01-01' }), 404, 'group-not-found');
      invalid(await post('groups/ward/recount', { headcount: 1 }), 'on', 'required');
      invalid(await post('groups/ward/close', { on: '2005-02-30' }), 'on', 'invalid-day');
    });

    it('is recounted and closed, with If-Match', async () => {
      await made('groups/ward/recount', { headcount: 130, on: '2008-01-01' });
      refused(
        await post('groups/ward/recount', { headcount: 1, on: '2009-01-01' }, { 'if-match': '"0"' }),
        412,
        'revision-mismatch',
      );
      expect((await get('groups/ward?asOf=2007-12-31')).body).toMatchObject({ headcount: 120 });
      await made('groups/ward/close', { on: '2010-01-01' });
      expect((await get('groups/ward')).body).toMatchObject({ headcount: 130, closedOn: '2010-01-01', open: false });
      refused(await post('groups/ward/close', { on: '2011-01-01' }), 409, 'group-closed');
    });

    it('are formed in bulk, each by itself', async () => {
      const answer = await post('groups/bulk', { groups: [team, { ...team, id: 'two', organisation: 'nowhere' }] });
      expect(answer).toMatchObject({
        ...{ status: 200, body: { accepted: 1, rejected: 1 } },
      });
      expect(answer.body).toMatchObject({ results: [{ id: 'team' }, { error: { code: 'organisation-not-found' } }] });
      invalid(await post('groups/bulk', { groups: [] }), 'groups', 'too-few');
    });

    it('are listed by organisation and day, page by page', async () => {
      await made('groups', { ...team, organisation: 'weaving' });
      await made('groups', { ...group, id: 'class', code: 'SV', organisation: 'school' });
      expect(await items('groups?organisation=mill')).toMatchObject({ items: [{ id: 'ward' }, { id: 'team' }] });
      expect(await items('groups?organisation=bloc&asOf=2004-05-31')).toEqual({ items: [] });
      const first = await items('groups?limit=2');
      expect(first).toMatchObject({ items: [{ id: 'ward' }, { id: 'class' }], next: expect.any(String) });
      const next = typeof first === 'object' && first && 'next' in first ? first.next : '';
      expect(await items(`groups?limit=2&cursor=${next}`)).toMatchObject({ items: [{ id: 'team' }] });
      refused(await get('groups?organisation=nowhere'), 404, 'organisation-not-found');
      refused(await get('groups?cursor=nonsense'), 422, 'invalid-cursor');
      refused(await get('groups?limit=0'), 422, 'invalid-input');
    });
  });

  describe('/assignment/assignments', () => {
    it('assigns: 201, an ETag, and it is there at once', async () => {
      const answer = await post('assignments', { ...assignment, decision: '12-QĐ/ĐU' });
      expect(answer).toMatchObject({ status: 201, body: { id: 'a1', revision: 0 } });
      expect(answer.headers.get('etag')).toBe('"0"');
      expect((await get('assignments/a1')).body).toEqual({
        ...assignment,
        ...{ groupKind: 'residents', status: 'active', origin: 'assigned', role: 'direct', suspensions: [] },
        ...{ decision: { number: '12-QĐ/ĐU' }, revision: 0 },
      });
    });

    it('refuses what is malformed, unknown or conflicting', async () => {
      invalid(await post('assignments', { ...assignment, from: '01/01/2005' }), 'from', 'invalid-day');
      invalid(await post('assignments', { ...assignment, role: 'boss' }), 'role', 'not-one-of');
      refused(await post('assignments', { ...assignment, member: 'none' }), 404, 'member-not-found');
      refused(await post('assignments', { ...assignment, group: 'none' }), 404, 'group-not-found');
      refused(await post('assignments', { ...assignment, from: '2004-05-31' }), 409, 'group-not-open');
      await made('assignments', assignment);
      refused(await post('assignments', { ...assignment, id: 'a2' }), 409, 'already-assigned');
      refused(await post('assignments', { ...assignment, member: 'binh' }), 409, 'already-exists');
      refused(await get('assignments/none'), 404, 'assignment-not-found');
    });

    it('waits with position= for what membership and the service itself have written', async () => {
      const told = await server.tell(admitted('dung'));
      const { position } = CommandAnswer.parse(
        (await post(`assignments?position=${told}`, { ...assignment, member: 'dung' })).body,
      );
      expect((await get(`assignments?organisation=mill&position=${position}`)).body).toMatchObject({
        items: [{ id: 'a1' }],
      });
      const left = { type: 'MemberLeft', member: memberId('dung'), reason: 'died' } as const;
      const gone = await server.tell({ ...left, occurredAt: day('2010-01-01') });
      expect((await get(`assignments/a1?position=${gone}`)).body).toMatchObject({
        until: '2010-01-01',
        status: 'ended',
      });
      expect(await get('assignments?position=soon')).toMatchObject({ status: 422, body: { code: 'invalid-position' } });
    });

    it('says in Vietnamese why the policy advises against it, and takes a reason', async () => {
      await made('groups', team);
      const answer = await post('assignments', { ...assignment, group: 'team' }, { 'accept-language': 'vi' });
      refused(answer, 409, 'mismatch');
      expect(answer.body).toMatchObject({ detail: expect.stringContaining('không cùng phân xưởng') });
      const override = { reason: 'Đảng viên phụ trách công đoàn' };
      await made('assignments', { ...assignment, group: 'team', override });
      expect((await get('assignments/a1')).body).toMatchObject({
        override: { ...override, mismatches: ['other-work-unit', 'not-core'] },
      });
    });

    it('are made in bulk, each by itself', async () => {
      const assignments = [
        assignment,
        { ...assignment, id: 'a2', member: 'none' },
        { ...assignment, id: 'a3', member: 'chi' },
      ];
      const { body } = await post('assignments/bulk', { assignments });
      expect(body).toMatchObject({
        ...{ accepted: 2, rejected: 1, position: expect.stringMatching(/^assignment-\d+$/) },
        results: [{ id: 'a1' }, { error: { code: 'member-not-found' } }, { id: 'a3' }],
      });
      refused(await post('assignments/bulk', { assignments: [{ ...assignment, x: 1 }] }), 422, 'invalid-input');
    });

    it('change by verbs', async () => {
      await made('assignments', assignment);
      await made('assignments/a1/suspend', { on: '2005-02-01', reason: 'đi học' });
      expect((await get('assignments/a1')).body).toMatchObject({ status: 'suspended' });
      await made('assignments/a1/resume', { on: '2005-03-01' });
      await made('assignments/a1/change-content', { content: ['khuyến học'], on: '2005-04-01' });
      await made('assignments/a1/end', { on: '2006-01-01', reason: 'hoàn thành' });
      await made('assignments/a1/correct', { endedOn: '2006-02-01', reason: 'ghi nhầm' });
      expect((await get('assignments/a1')).body).toMatchObject({
        ...{ status: 'ended', until: '2006-02-01', content: ['khuyến học'], revision: 5 },
        suspensions: [{ from: '2005-02-01', until: '2005-03-01' }],
      });
      refused(
        await post('assignments/a1/end', { on: '2005-01-01', reason: 'x' }, { 'if-match': '"1"' }),
        412,
        'revision-mismatch',
      );
    });

    it.each(['suspend', 'resume', 'change-content', 'end', 'hand-over', 'correct'])(
      '%s: malformed, unknown',
      async (verb) => {
        const right = { content: ['x'], on: '2005-02-01', reason: 'x', to: 'binh' };
        const fields = {
          suspend: ['on', 'reason'],
          resume: ['on'],
          'change-content': ['content', 'on'],
          end: ['on', 'reason'],
        };
        const more = { 'hand-over': ['to', 'on'], correct: ['reason'] };
        const names = Object.entries({ ...fields, ...more }).find(([name]) => name === verb)?.[1] ?? [];
        const wanted = Object.fromEntries(Object.entries(right).filter(([name]) => names.includes(name)));
        refused(await post(`assignments/none/${verb}`, wanted), 404, 'assignment-not-found');
        invalid(await post(`assignments/a1/${verb}`, {}), names[0] ?? '', 'required');
        invalid(await post(`assignments/a1/${verb}`, { ...wanted, extra: 1 }), 'extra', 'unknown-field');
      },
    );

    it('change in bulk, those of one assignment in order', async () => {
      await made('assignments', assignment);
      const changes = [
        { assignment: 'a1', verb: 'suspend', on: '2005-02-01', reason: 'ốm' },
        { assignment: 'a1', verb: 'resume', on: '2005-03-01' },
        { assignment: 'a1', verb: 'resume', on: '2005-04-01' },
        { assignment: 'none', verb: 'end', on: '2005-04-01', reason: 'x' },
      ];
      expect((await post('assignments/changes', { changes })).body).toMatchObject({
        ...{ accepted: 2, rejected: 2 },
        results: [{}, {}, { error: { code: 'not-suspended' } }, { error: { code: 'assignment-not-found' } }],
      });
    });

    it('that are over are told with their end, also before a later one for the same group', async () => {
      await made('assignments', { ...assignment, id: 'later', from: '2012-01-01' });
      const former = { ...assignment, from: '2010-01-01' };
      refused(await post('assignments', former), 409, 'conflicts-with-later-entry');
      refused(
        await post('assignments', { ...former, ended: { on: '2013-01-01', reason: 'Hết đợt' } }),
        ...([409, 'conflicts-with-later-entry'] as const),
      );
      refused(
        await post('assignments', { ...former, ended: { on: '2010-01-01', reason: 'Hết đợt' } }),
        ...([422, 'ends-before-it-begins'] as const),
      );
      invalid(await post('assignments', { ...former, ended: { on: '2011-01-01' } }), 'ended.reason', 'required');
      const told = await post('assignments', { ...former, ended: { on: '2011-01-01', reason: 'Hết đợt' } });
      expect(told).toMatchObject({ status: 201, body: { id: 'a1' } });
      const on = async (day: string) => items(`members/lan/assignments?asOf=${day}`);
      expect(await on('2010-12-31')).toMatchObject({ items: [{ id: 'a1', until: '2011-01-01' }] });
      expect(await on('2011-01-01')).toEqual({ items: [] });
      expect(await on('2012-01-01')).toMatchObject({ items: [{ id: 'later' }] });
    });

    it('are handed over to another member', async () => {
      await made('assignments', assignment);
      refused(await post('assignments/a1/hand-over', { to: 'none', on: '2006-01-01' }), 404, 'member-not-found');
      refused(await post('assignments/a1/hand-over', { to: 'lan', on: '2006-01-01' }), 422, 'hand-over-to-oneself');
      await made('assignments/a1/hand-over', { to: 'binh', on: '2006-01-01' });
      expect(await items('members/binh/assignments')).toMatchObject({
        items: [{ group: 'ward', from: '2006-01-01', content: ['dân số'], takenOverFrom: 'a1', status: 'active' }],
      });
      expect((await get('assignments/a1')).body).toMatchObject({ until: '2006-01-01', handedOver: { to: 'binh' } });
    });

    it('are not handed over to a member who cannot take them', async () => {
      await made('assignments', assignment);
      await made('assignments', { ...assignment, id: 'b1', member: 'binh' });
      refused(await post('assignments/a1/hand-over', { to: 'binh', on: '2006-01-01' }), 409, 'already-assigned');
      expect((await get('assignments/a1')).body).toMatchObject({ status: 'active' });
    });

    it('are listed by organisation and by group, page by page', async () => {
      await made('assignments', assignment);
      await made('assignments', { ...assignment, id: 'b1', member: 'binh' });
      await made('assignments', { ...assignment, id: 'c1', member: 'chi' });
      await made('assignments/b1/end', { on: '2006-01-01', reason: 'x' });
      expect(await items('assignments?organisation=mill')).toMatchObject({ items: [{ id: 'a1' }] });
      expect(await items('assignments?organisation=mill&asOf=2005-06-01')).toMatchObject({
        items: [{ id: 'b1' }, { id: 'a1' }],
      });
      expect(await items('assignments?group=ward&asOf=2005-06-01')).toMatchObject({
        items: [{ id: 'a1' }, { id: 'b1' }, { id: 'c1' }],
      });
      expect(await items('assignments?group=ward&organisation=school')).toMatchObject({ items: [{ id: 'c1' }] });
      const first = await items('assignments?asOf=2005-06-01&limit=2');
      expect(first).toMatchObject({ items: [{ id: 'c1' }, { id: 'b1' }], next: expect.any(String) });
      const next = typeof first === 'object' && first && 'next' in first ? first.next : '';
      expect(await items(`assignments?asOf=2005-06-01&limit=2&cursor=${next}`)).toMatchObject({
        items: [{ id: 'a1' }],
      });
    });
  });

  describe('/assignment/registrations', () => {
    const registration = { id: 'r1', member: 'lan', group: 'ward', content: ['môi trường'], on: '2005-03-01' };

    it('wait until they are approved', async () => {
      expect(await post('registrations', registration)).toMatchObject({ status: 201, body: { id: 'r1' } });
      expect(await items('registrations?organisation=mill')).toMatchObject({
        items: [{ id: 'r1', status: 'pending' }],
      });
      expect(await items('registrations?organisation=school')).toEqual({ items: [] });
      await made('registrations/r1/approve', { on: '2005-04-01' });
      expect(await items('registrations')).toEqual({ items: [] });
      expect((await get('registrations/r1')).body).toMatchObject({ status: 'approved', revision: 1 });
      expect((await get('assignments/r1')).body).toMatchObject({ from: '2005-04-01', origin: 'self-registered' });
      refused(await post('registrations/r1/approve', { on: '2005-04-01' }), 409, 'registration-not-pending');
    });

    it('are declined with a reason', async () => {
      await made('registrations', registration);
      invalid(await post('registrations/r1/decline', { on: '2005-04-01' }), 'reason', 'required');
      await made('registrations/r1/decline', { on: '2005-04-01', reason: 'đủ người' });
      expect((await get('registrations/r1')).body).toMatchObject({
        status: 'declined',
        declined: { reason: 'đủ người' },
      });
    });

    it('refuses what is malformed, unknown or conflicting', async () => {
      invalid(await post('registrations', { ...registration, on: 5 }), 'on', 'wrong-type');
      refused(await post('registrations', { ...registration, member: 'none' }), 404, 'member-not-found');
      refused(await post('registrations/none/approve', { on: '2005-04-01' }), 404, 'registration-not-found');
      refused(
        await post('registrations/none/decline', { on: '2005-04-01', reason: 'x' }),
        404,
        'registration-not-found',
      );
      refused(await get('registrations/none'), 404, 'registration-not-found');
      await made('registrations', registration);
      refused(await post('registrations', { ...registration, id: 'r2' }), 409, 'already-registered');
      invalid(await post('registrations/r1/approve', {}), 'on', 'required');
    });

    it('become both when the committee assigns the member itself', async () => {
      await made('registrations', registration);
      await made('assignments', { ...assignment, from: '2005-05-01' });
      expect((await get('assignments/a1')).body).toMatchObject({ origin: 'both' });
      expect((await get('registrations/r1')).body).toMatchObject({
        status: 'approved',
        approved: { assignment: 'a1' },
      });
      expect(await items('registrations')).toEqual({ items: [] });
    });

    it('are recorded in bulk with their answers', async () => {
      const registrations = [
        { ...registration, approve: { on: '2005-04-01' } },
        { ...registration, id: 'r2', member: 'binh', decline: { on: '2005-04-01', reason: 'đủ người' } },
        { ...registration, id: 'r3', member: 'chi' },
        { ...registration, id: 'r4', member: 'none' },
      ];
      expect((await post('registrations/bulk', { registrations })).body).toMatchObject({ accepted: 3, rejected: 1 });
      expect(await items('registrations')).toMatchObject({ items: [{ id: 'r3' }] });
    });
  });
});
