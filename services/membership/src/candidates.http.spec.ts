import { done, type MembershipServer, startMembership } from './testing/start-membership.ts';

let server: MembershipServer;
beforeEach(async () => {
  server = await startMembership();
  const cell = { name: 'Chi bộ', kind: 'cell', from: '2004-01-01' };
  const organisations = [
    { id: 'soi', code: 'S', ...cell },
    { id: 'det', code: 'D', ...cell },
  ];
  done(await server.post('organisations/bulk', { organisations }));
  const lan = { id: 'lan', code: '79.001', name: 'Nguyễn Thị Lan', cell: 'soi', standing: 'official' };
  done(await server.post('members', { ...lan, admittedOn: '2004-02-03' }));
});
afterEach(() => server.close());

const refused = (status: number, code: string) => ({ status, body: expect.objectContaining({ code }) });
const binh = {
  ...{ id: 'binh', name: 'Trần Văn Bình', contact: '0903 000 000', introducedBy: 'lan', group: 'to-1' },
  ...{ introducedOn: '2008-05-19', consentOn: '2008-05-01' },
};
const introduce = async (more: object = {}) => done(await server.post('candidates', { ...binh, ...more }));
const train = async () => done(await server.post('candidates/binh/train', { on: '2009-01-01' }));
const admission = { on: '2009-05-19', cell: 'det', code: '79.002' };

describe('POST /membership/candidates', () => {
  it('introduces a candidate, whose name and contact are nowhere in the log', async () => {
    expect(await server.post('candidates', binh)).toMatchObject({
      ...{ status: 201, etag: '"0"', body: { id: 'binh', revision: 0 } },
    });
    expect((await server.get('candidates/binh')).body).toEqual({
      ...{ ...binh, state: 'introduced', erased: false, revision: 0 },
    });
    const log = JSON.stringify(await server.store.readAll(0, 100));
    for (const secret of ['Bình', '0903']) expect(log).not.toContain(secret);
  });
  it('refuses what is malformed, conflicts, or says more than it may', async () => {
    const answer = await server.post('candidates', { ...binh, consentOn: undefined, religion: 'x', name: '' });
    expect(answer).toMatchObject(refused(422, 'invalid-input'));
    expect(answer.body['errors']).toEqual([
      expect.objectContaining({ path: 'name', code: 'too-short' }),
      expect.objectContaining({ path: 'consentOn', code: 'required' }),
      expect.objectContaining({ path: 'religion', code: 'unknown-field' }),
    ]);
    expect(await server.post('candidates', { ...binh, consentOn: '2008-05-20' })).toMatchObject(
      refused(422, 'consent-after-introduction'),
    );
    expect(await server.post('candidates', { ...binh, introducedBy: 'none' })).toMatchObject(
      refused(404, 'introducer-not-found'),
    );
    expect(
      await server.post('candidates', { ...binh, introducedOn: '2004-01-01', consentOn: '2004-01-01' }),
    ).toMatchObject(refused(409, 'introducer-not-a-member'));
    await introduce();
    expect(await server.post('candidates', binh)).toMatchObject(refused(409, 'already-exists'));
  });
});

describe('what may happen to a candidate', () => {
  it('is trained and admitted: a probationary member with the same name', async () => {
    await introduce();
    await train();
    const answer = done(await server.post('candidates/binh/admit', admission));
    const { body } = await server.get(`members/${String(answer['member'])}?position=${String(answer['position'])}`);
    expect(body).toMatchObject({
      ...{ name: 'Trần Văn Bình', code: '79.002', cell: 'det', standing: 'probationary', admittedOn: '2009-05-19' },
    });
    expect(body).not.toHaveProperty('contact');
    expect((await server.get('members?q=tran%20van%20binh')).body['items']).toHaveLength(1);
    expect((await server.get('candidates/binh')).body).toMatchObject({
      state: 'admitted',
      admission: { ...admission, member: answer['member'] },
    });
    const other = { code: '79.002', name: 'x', cell: 'soi', standing: 'probationary', admittedOn: '2009-05-19' };
    expect(await server.post('members', other)).toMatchObject(refused(409, 'member-code-taken'));
  });
  it('is withdrawn, for a reason that only those who may read names can read', async () => {
    await introduce();
    done(await server.post('candidates/binh/withdraw', { on: '2009-01-01', reason: 'chuyển về Huế' }));
    expect((await server.get('candidates/binh')).body).toMatchObject({ state: 'withdrawn', withdrawnOn: '2009-01-01' });
    expect(JSON.stringify(await server.store.readAll(0, 100))).not.toContain('Huế');
  });
  it('is erased, and stays counted', async () => {
    await introduce();
    done(await server.post('candidates/binh/erase', { reason: 'theo yêu cầu' }));
    const { body } = await server.get('candidates/binh');
    expect(body).toMatchObject({ erased: true, introducedOn: '2008-05-19' });
    expect(body).not.toHaveProperty('name');
    expect(await server.post('candidates/binh/train', { on: '2009-01-01' })).toMatchObject(
      refused(409, 'candidate-erased'),
    );
  });
  it.each([
    ['train', { on: '2009-02-01' }],
    ['admit', admission],
    ['withdraw', { on: '2010-01-01', reason: 'thôi' }],
    ['erase', { reason: 'theo yêu cầu' }],
  ])('%s refuses what is malformed, unknown, or seen too long ago; is repeated without harm', async (verb, body) => {
    await introduce();
    if (verb === 'admit') await train();
    const revision = verb === 'admit' ? 2 : 1;
    expect(await server.post(`candidates/none/${verb}`, body)).toMatchObject(refused(404, 'candidate-not-found'));
    expect(await server.post(`candidates/binh/${verb}`, {})).toMatchObject(refused(422, 'invalid-input'));
    expect(await server.post(`candidates/binh/${verb}`, body, { 'if-match': '"7"' })).toMatchObject(
      refused(412, 'revision-mismatch'),
    );
    const headers = { 'idempotency-key': 'k', 'if-match': `"${revision - 1}"` };
    const first = await server.post(`candidates/binh/${verb}`, body, headers);
    expect(first).toMatchObject({ status: 200, etag: `"${revision}"`, body: { id: 'binh', revision } });
    expect(await server.post(`candidates/binh/${verb}`, body, headers)).toEqual(first);
  });
  it('refuses an admission that conflicts, and frees the code again', async () => {
    await introduce();
    expect(await server.post('candidates/binh/admit', admission)).toMatchObject(refused(409, 'not-trained'));
    await train();
    expect(await server.post('candidates/binh/admit', { ...admission, cell: 'none' })).toMatchObject(
      refused(404, 'organisation-not-found'),
    );
    expect(await server.post('candidates/binh/admit', { ...admission, code: '79.001' })).toMatchObject(
      refused(409, 'member-code-taken'),
    );
    done(await server.post('candidates/binh/admit', admission));
    expect(await server.post('candidates/binh/train', { on: '2010-01-01' })).toMatchObject(
      refused(409, 'already-trained'),
    );
  });
});

describe('bulk commands to candidates', () => {
  it('are accepted or refused each by itself', async () => {
    const candidates = ['a', 'b', 'c'].map((id) => ({ ...binh, id }));
    expect(
      done(await server.post('candidates/bulk', { candidates: [...candidates, { ...binh, introducedBy: 'none' }] })),
    ).toMatchObject({ accepted: 3, rejected: 1 });
    const trained = ['a', 'b', 'none'].map((id) => ({ id, on: '2009-01-01' }));
    expect(done(await server.post('candidates/bulk-train', { items: trained }))).toMatchObject({
      ...{ accepted: 2, rejected: 1 },
      results: [{ id: 'a' }, { id: 'b' }, { error: expect.objectContaining({ code: 'candidate-not-found' }) }],
    });
    const admissions = ['a', 'b', 'c'].map((id) => ({ id, ...admission, code: `79.${id}` }));
    const admitted = done(await server.post('candidates/bulk-admit', { items: admissions }));
    expect(admitted).toMatchObject({ accepted: 2, rejected: 1 });
    const list = await server.get(`members?organisation=det&position=${String(admitted['position'])}`);
    expect(list.body['items']).toHaveLength(2);
    const withdrawn = [{ id: 'c', on: '2010-01-01', reason: 'thôi' }];
    expect(done(await server.post('candidates/bulk-withdraw', { items: withdrawn }))).toMatchObject({ accepted: 1 });
  });
});

describe('GET /membership/candidates', () => {
  it('lists by the day of introduction, by state or by who introduced', async () => {
    const day = (on: string) => ({ introducedOn: on, consentOn: on });
    await introduce({ id: 'c', ...day('2010-01-01') });
    await introduce({ id: 'a', ...day('2008-01-01') });
    await introduce({ id: 'b', ...day('2009-01-01') });
    const { position } = done(await server.post('candidates/b/train', { on: '2009-02-01' }));
    const ids = async (query: string) => {
      const { items } = done(await server.get(`candidates?position=${String(position)}${query}`));
      return Array.isArray(items) ? items.map(({ id }) => id) : items;
    };
    expect(await ids('')).toEqual(['a', 'b', 'c']);
    expect(await ids('&status=introduced')).toEqual(['a', 'c']);
    expect(await ids('&introducedBy=lan&status=trained')).toEqual(['b']);
    expect(await server.get('candidates?introducedBy=none')).toMatchObject(refused(404, 'member-not-found'));
    const first = done(await server.get('candidates?limit=2'));
    expect(await ids(`&limit=2&cursor=${encodeURIComponent(String(first['next']))}`)).toEqual(['c']);
    expect(await server.get('candidates?status=x')).toMatchObject(refused(422, 'invalid-input'));
    expect(await server.get('candidates/none')).toMatchObject(refused(404, 'candidate-not-found'));
  });
});
