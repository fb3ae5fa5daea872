import { done, type MembershipServer, startMembership } from './testing/start-membership.ts';

let server: MembershipServer;
const cell = (id: string, parent: string) => ({ id, code: id, name: id, kind: 'cell', parent, from: '2004-01-01' });
beforeEach(async () => {
  server = await startMembership();
  const organisations = [
    { id: 'bloc', code: 'bloc', name: 'Đảng bộ Khối', kind: 'bloc', from: '2004-01-01' },
    { id: 'north', code: 'north', name: 'Đảng ủy Dệt', kind: 'committee', parent: 'bloc', from: '2004-01-01' },
    ...[cell('soi', 'north'), cell('det', 'north'), cell('may', 'bloc')],
  ];
  done(await server.post('organisations/bulk', { organisations }));
});
afterEach(() => server.close());

const refused = (status: number, code: string) => ({ status, body: expect.objectContaining({ code }) });
const lan = {
  ...{ id: 'lan', code: '79.001', name: 'Nguyễn Thị  Lan', birthDate: '1975-05-12', cell: 'soi' },
  ...{ standing: 'probationary', admittedOn: '2005-02-03', workUnit: 'Tổ 2', job: 'Công nhân', residence: 'Quận 3' },
};
const admit = async (more: object) => done(await server.post('members', { ...lan, ...more }));

describe('POST /membership/members', () => {
  it('admits a member, whose personal fields are nowhere in the log', async () => {
    expect(await server.post('members', lan)).toMatchObject({
      ...{ status: 201, etag: '"0"', body: { id: 'lan', revision: 0, position: 'membership-7' } },
    });
    expect(await server.get('members/lan')).toMatchObject({
      ...{ status: 200, etag: '"0"' },
      body: {
        ...{ id: 'lan', code: '79.001', name: 'Nguyễn Thị Lan', birthDate: '1975-05-12', job: 'Công nhân' },
        ...{ cell: 'soi', workUnit: 'Tổ 2', standing: 'probationary', exempt: false, erased: false },
        stays: [{ cell: 'soi', from: '2005-02-03', workUnit: 'Tổ 2' }],
      },
    });
    const log = JSON.stringify(await server.store.readAll(0, 100));
    for (const secret of ['Lan', '1975', 'Công nhân', 'Quận 3']) expect(log).not.toContain(secret);
  });
  it('gives the same answer to the same Idempotency-Key', async () => {
    const anyone = { ...lan, id: undefined };
    const key = { 'idempotency-key': 'one' };
    const first = await server.post('members', anyone, key);
    expect(first.status).toBe(201);
    expect(await server.post('members', anyone, key)).toEqual(first);
  });
  it('refuses what is malformed', async () => {
    const answer = await server.post('members', { ...lan, name: ' ', standing: 'friend', religion: 'x' });
    expect(answer).toMatchObject(refused(422, 'invalid-input'));
    expect(answer.body['errors']).toEqual([
      expect.objectContaining({ path: 'name', code: 'too-short' }),
      expect.objectContaining({ path: 'standing', code: 'not-one-of' }),
      expect.objectContaining({ path: 'religion', code: 'unknown-field' }),
    ]);
  });
  it('refuses what is unknown or conflicts, and keeps nothing of it', async () => {
    await admit({});
    const other = { ...lan, id: 'minh', code: '79.002' };
    expect(await server.post('members', { ...other, cell: 'none' })).toMatchObject(
      refused(404, 'organisation-not-found'),
    );
    expect(await server.post('members', { ...other, cell: 'north' })).toMatchObject(refused(422, 'not-a-cell'));
    expect(await server.post('members', { ...other, id: 'lan' })).toMatchObject(refused(409, 'already-exists'));
    expect(await server.post('members', { ...other, code: '79.001' })).toMatchObject(refused(409, 'member-code-taken'));
    expect(await server.post('members', { ...other, officialOn: '2006-01-01' })).toMatchObject(
      refused(422, 'probationary-with-official-day'),
    );
    expect(await server.get('members/minh')).toMatchObject(refused(404, 'member-not-found'));
    done(await server.post('members', { ...other, id: 'hoa' }));
  });
});

describe('bulk commands to members', () => {
  it('admit each by itself, one code to one of them', async () => {
    const members = [
      { ...lan, id: 'a', code: 'A' },
      { ...lan, id: 'b', code: 'a' },
      { ...lan, id: 'c', code: 'C', cell: 'none' },
      { ...lan, id: 'd', code: 'D' },
    ];
    expect(done(await server.post('members/bulk', { members }))).toMatchObject({
      ...{ accepted: 2, rejected: 2 },
      results: [
        { id: 'a' },
        { error: expect.objectContaining({ code: 'member-code-taken' }) },
        { error: expect.objectContaining({ code: 'organisation-not-found' }) },
        { id: 'd' },
      ],
    });
  });
  it('keep the order of those to one member, and are harmless when repeated', async () => {
    await admit({});
    const one = (verb: string, items: readonly object[]) => server.post(`members/${verb}`, { items });
    const transfers = [
      { id: 'lan', cell: 'det', on: '2006-01-01' },
      { id: 'lan', cell: 'may', on: '2006-01-01' },
      { id: 'none', cell: 'may', on: '2006-01-01' },
    ];
    const first = await server.post('members/bulk-transfer', { items: transfers }, { 'idempotency-key': 'k' });
    expect(first.body).toMatchObject({ accepted: 2, rejected: 1 });
    expect(await server.post('members/bulk-transfer', { items: transfers }, { 'idempotency-key': 'k' })).toEqual(first);
    expect((await server.get('members/lan?asOf=2006-01-01')).body).toMatchObject({ cell: 'may' });
    for (const answer of [
      await one('bulk-officialise', [{ id: 'lan', on: '2006-03-01' }]),
      await one('bulk-exempt', [{ id: 'lan', from: '2007-01-01', until: '2008-01-01', reason: 'Nghỉ thai sản' }]),
      await one('bulk-correct', [{ id: 'lan', residence: null, reason: 'nhầm' }]),
      await one('bulk-leave', [{ id: 'lan', on: '2009-01-01', reason: 'transferred-out' }]),
    ]) {
      expect(answer.body).toMatchObject({ accepted: 1, rejected: 0 });
    }
    expect(await one('bulk-leave', [{ id: 'lan' }])).toMatchObject(refused(422, 'invalid-input'));
  });
});

describe('what may happen to a member', () => {
  beforeEach(() => admit({}));
  it('is transferred, made official, exempted and leaves', async () => {
    await admit({ id: 'hoa', code: '79.003' });
    done(await server.post('members/lan/transfer', { cell: 'det', on: '2008-01-01', successor: 'hoa' }));
    done(await server.post('members/lan/officialise', { on: '2006-02-03' }));
    done(await server.post('members/lan/exempt', { from: '2009-01-01', reason: 'Nghỉ thai sản' }));
    done(await server.post('members/lan/end-exemption', { on: '2009-07-01' }));
    done(await server.post('members/lan/leave', { on: '2012-01-01', reason: 'resigned', successor: 'hoa' }));
    expect((await server.get('members/lan?asOf=2009-02-01')).body).toMatchObject({
      ...{ cell: 'det', standing: 'official', exempt: true, leftOn: '2012-01-01', revision: 5 },
      exemptions: [{ from: '2009-01-01', until: '2009-07-01' }],
    });
    expect(JSON.stringify(await server.store.readAll(0, 100))).not.toContain('thai sản');
  });
  it.each([
    ['transfer', { cell: 'det', on: '2008-01-01' }],
    ['officialise', { on: '2008-01-01' }],
    ['exempt', { from: '2008-01-01', reason: 'ốm' }],
    ['leave', { on: '2008-01-01', reason: 'resigned' }],
    ['correct', { code: '79.9', reason: 'nhầm' }],
    ['erase', { reason: 'theo yêu cầu' }],
  ])('%s refuses what is malformed, unknown, or seen too long ago; is repeated without harm', async (verb, body) => {
    expect(await server.post(`members/none/${verb}`, body)).toMatchObject(refused(404, 'member-not-found'));
    expect(await server.post(`members/lan/${verb}`, {})).toMatchObject(refused(422, 'invalid-input'));
    expect(await server.post(`members/lan/${verb}`, body, { 'if-match': '"7"' })).toMatchObject(
      refused(412, 'revision-mismatch'),
    );
    const headers = { 'idempotency-key': 'k', 'if-match': '"0"' };
    const first = await server.post(`members/lan/${verb}`, body, headers);
    expect(first).toMatchObject({ status: 200, etag: '"1"', body: { id: 'lan', revision: 1 } });
    expect(await server.post(`members/lan/${verb}`, body, headers)).toEqual(first);
  });
  it('refuses what conflicts', async () => {
    expect(await server.post('members/lan/end-exemption', { on: '2008-01-01' })).toMatchObject(
      refused(409, 'not-exempt'),
    );
    const leave = { on: '2008-01-01', reason: 'resigned', successor: 'none' };
    expect(await server.post('members/lan/leave', leave)).toMatchObject(refused(404, 'member-not-found'));
    done(await server.post('members/lan/leave', { ...leave, successor: undefined }));
    expect(await server.post('members/lan/transfer', { cell: 'det', on: '2008-01-01' })).toMatchObject(
      refused(409, 'member-left'),
    );
    const answer = await server.post('members/lan/leave', { on: '2007-01-01', reason: 'died' });
    expect(answer).toMatchObject(refused(409, 'conflicts-with-later-entry'));
    expect(answer.body['detail']).toBe('It contradicts what is recorded: leaving on 2008-01-01.');
  });
});

describe('correcting a member', () => {
  beforeEach(() => admit({}));
  it('replaces the fields given, removes those that are null, keeps the others', async () => {
    done(await server.post('members/lan/correct', { name: 'Nguyễn Thị Lân', job: null, reason: 'sai chính tả' }));
    done(await server.post('members/lan/correct', { admittedOn: '2005-03-03', from: '2005-03-03', reason: 'nhầm' }));
    const { body } = await server.get('members/lan');
    expect(body).toMatchObject({ name: 'Nguyễn Thị Lân', admittedOn: '2005-03-03', residence: 'Quận 3' });
    expect(body).not.toHaveProperty('job');
    expect(JSON.stringify(await server.store.readAll(0, 100))).not.toContain('chính tả');
  });
  it('claims the new code, and gives the old one up', async () => {
    await admit({ id: 'hoa', code: '79.003' });
    expect(await server.post('members/lan/correct', { code: '79.003', reason: 'nhầm' })).toMatchObject(
      refused(409, 'member-code-taken'),
    );
    done(await server.post('members/lan/correct', { code: '79.004', reason: 'cấp lại thẻ' }));
    done(await server.post('members/hoa/correct', { code: '79.001', reason: 'nhầm' }));
    expect((await server.get('members/hoa')).body).toMatchObject({ code: '79.001' });
  });
});

describe('GET /membership/members', () => {
  const names = async (query: string) => {
    const { items } = done(await server.get(`members${query}`));
    return Array.isArray(items) ? items.map(({ name }) => name) : items;
  };
  let position = '';
  beforeEach(async () => {
    const people = [
      ['Trần Văn Ân', 'soi'],
      ['Đặng Văn Bình', 'det'],
      ['Lê Thị Ánh', 'may'],
      ['Nguyễn An', 'soi'],
      ['Đặng Vân', 'may'],
      ['Phạm Đức', 'det'],
      ['Lý Dung', 'det'],
    ] as const;
    const members = people.map(([name, to], index) => ({ ...lan, id: `m${index}`, code: `C${index}`, name, cell: to }));
    position = String(done(await server.post('members/bulk', { members }))['position']);
  });
  it('lists by given name as Vietnamese lists do, of an organisation and all below it', async () => {
    expect(await names(`?position=${position}`)).toEqual([
      ...['Nguyễn An', 'Lê Thị Ánh', 'Trần Văn Ân', 'Đặng Văn Bình', 'Lý Dung', 'Phạm Đức', 'Đặng Vân'],
    ]);
    expect(await names('?organisation=north')).toEqual([
      ...['Nguyễn An', 'Trần Văn Ân', 'Đặng Văn Bình', 'Lý Dung', 'Phạm Đức'],
    ]);
    expect(await names('?organisation=may')).toEqual(['Lê Thị Ánh', 'Đặng Vân']);
    expect(await server.get('members?organisation=none')).toMatchObject(refused(404, 'organisation-not-found'));
  });
  it('lists those of a day, where they were that day', async () => {
    const moved = done(await server.post('members/m1/transfer', { cell: 'may', on: '2010-01-01' }));
    const later = done(await server.post('members/m3/leave', { on: '2010-01-01', reason: 'resigned' }));
    expect(moved['position']).not.toBe(later['position']);
    expect(await names(`?organisation=north&asOf=2009-12-31&position=${String(later['position'])}`)).toHaveLength(5);
    expect(await names('?organisation=north')).toEqual(['Trần Văn Ân', 'Lý Dung', 'Phạm Đức']);
    expect(await names('?organisation=may')).toEqual(['Lê Thị Ánh', 'Đặng Văn Bình', 'Đặng Vân']);
    expect(await names('?asOf=2004-01-01')).toEqual([]);
  });
  it('finds without accents, by words of the name or the code', async () => {
    expect(await names(`?q=dang%20van&position=${position}`)).toEqual(['Đặng Văn Bình', 'Đặng Vân']);
    expect(await names('?q=duc')).toEqual(['Phạm Đức']);
    expect(await names('?q=uc')).toEqual([]);
    expect(await names('?q=c3')).toEqual(['Nguyễn An']);
  });
  it('pages without losing or repeating anyone', async () => {
    await names(`?position=${position}`);
    for (const filter of ['', 'organisation=bloc&', 'organisation=north&']) {
      const whole = await names(`?${filter}`);
      const paged: unknown[] = [];
      let cursor = '';
      do {
        const { items, next } = done(await server.get(`members?${filter}limit=2${cursor}`));
        if (Array.isArray(items)) paged.push(...items.map(({ name }) => name));
        cursor = next === undefined ? '' : `&cursor=${String(next)}`;
      } while (cursor !== '');
      expect(paged).toEqual(whole);
    }
  });
  it('refuses what is malformed', async () => {
    expect(await server.get('members?limit=0')).toMatchObject(refused(422, 'invalid-input'));
    expect(await server.get('members?asOf=soon')).toMatchObject(refused(422, 'invalid-input'));
    expect(await server.get('members?cursor=x')).toMatchObject(refused(422, 'invalid-cursor'));
  });
});

describe('erasing a member', () => {
  it('takes the person out of everything, and leaves what is counted', async () => {
    const { position } = await admit({});
    expect((await server.get(`members?q=lan&position=${String(position)}`)).body['items']).toHaveLength(1);
    const erased = done(await server.post('members/lan/erase', { reason: 'theo yêu cầu' }));
    expect((await server.get(`members?position=${String(erased['position'])}`)).body['items']).toEqual([]);
    const { body } = await server.get('members/lan');
    expect(body).toMatchObject({ id: 'lan', erased: true, stays: [{ cell: 'soi', from: '2005-02-03' }] });
    for (const field of ['name', 'birthDate', 'job', 'residence']) expect(body).not.toHaveProperty(field);
    for (const [verb, told] of [
      ['exempt', { from: '2008-01-01', reason: 'ốm' }],
      ['correct', { job: 'x', reason: 'nhầm' }],
      ['transfer', { cell: 'det', on: '2008-01-01' }],
      ['erase', { reason: 'theo yêu cầu' }],
    ] as const) {
      expect(await server.post(`members/lan/${verb}`, told)).toMatchObject(refused(409, 'member-erased'));
    }
    expect(await server.post('organisations/soi/dissolve', { on: '2010-01-01' })).toMatchObject(
      refused(409, 'organisation-not-empty'),
    );
  });
});
