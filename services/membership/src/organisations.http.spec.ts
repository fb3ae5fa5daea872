import { done, type MembershipServer, startMembership } from './testing/start-membership.ts';

let server: MembershipServer;
beforeEach(async () => {
  server = await startMembership();
  const organisations = [
    { id: 'bloc', code: 'K', name: 'Đảng bộ Khối', kind: 'bloc', from: '2004-01-01' },
    { id: 'north', code: 'K1', name: 'Đảng ủy Dệt', kind: 'committee', parent: 'bloc', from: '2004-01-01' },
    { id: 'south', code: 'K2', name: 'Đảng ủy May', kind: 'committee', parent: 'bloc', from: '2004-01-01' },
    { id: 'soi', code: 'K1.1', name: 'Chi bộ Sợi', kind: 'cell', parent: 'north', from: '2005-01-01' },
  ];
  done(await server.post('organisations/bulk', { organisations }));
});
afterEach(() => server.close());

const refused = (status: number, code: string) => ({ status, body: expect.objectContaining({ code }) });

describe('POST /membership/organisations', () => {
  const cell = { code: 'K2.1', name: 'Chi bộ Cắt', kind: 'cell', parent: 'south', from: '2006-01-01' };
  it('registers an organisation and answers its id, revision and position', async () => {
    const answer = await server.post('organisations', { id: 'cat', ...cell });
    expect(answer).toMatchObject({
      status: 201,
      etag: '"4"',
      body: { id: 'cat', revision: 4, position: 'membership-5' },
    });
    expect((await server.get('organisations/cat')).body).toMatchObject({ code: 'K2.1', parent: 'south' });
  });
  it('makes an id if none is given, the same again for the same Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'one' };
    const first = await server.post('organisations', cell, key);
    expect(await server.post('organisations', cell, key)).toEqual(first);
    expect(await server.post('organisations', { ...cell, name: 'x' }, key)).toMatchObject(
      refused(422, 'idempotency-key-reused'),
    );
  });
  it('refuses what is malformed', async () => {
    const answer = await server.post('organisations', { ...cell, from: '2006-02-30', kind: 'club', extra: 1 });
    expect(answer).toMatchObject(refused(422, 'invalid-input'));
    expect(answer.body['errors']).toEqual([
      expect.objectContaining({ path: 'kind', code: 'not-one-of' }),
      expect.objectContaining({ path: 'from', code: 'invalid-day' }),
      expect.objectContaining({ path: 'extra', code: 'unknown-field' }),
    ]);
  });
  it('refuses what contradicts the tree', async () => {
    expect(await server.post('organisations', { ...cell, parent: 'none' })).toMatchObject(
      refused(404, 'organisation-not-found'),
    );
    expect(await server.post('organisations', { ...cell, code: 'K1' })).toMatchObject(
      refused(409, 'organisation-code-taken'),
    );
    expect(await server.post('organisations', { ...cell, id: 'soi' })).toMatchObject(refused(409, 'already-exists'));
  });
});

describe('POST /membership/organisations/bulk', () => {
  it('accepts and refuses each by itself, in order', async () => {
    const organisations = [
      { id: 'a', code: 'A', name: 'A', kind: 'committee', parent: 'bloc', from: '2006-01-01' },
      { id: 'b', code: 'A', name: 'B', kind: 'cell', parent: 'a', from: '2006-01-01' },
      { id: 'c', code: 'C', name: 'C', kind: 'cell', parent: 'a', from: '2006-01-01' },
    ];
    expect(done(await server.post('organisations/bulk', { organisations }))).toMatchObject({
      ...{ accepted: 2, rejected: 1, position: 'membership-6' },
      results: [
        { id: 'a' },
        { error: expect.objectContaining({ code: 'organisation-code-taken', status: 409 }) },
        { id: 'c' },
      ],
    });
    expect(await server.post('organisations/bulk', { organisations: [] })).toMatchObject(refused(422, 'invalid-input'));
  });
});

describe('what may happen to an organisation', () => {
  it('is renamed, moved, merged and dissolved', async () => {
    done(await server.post('organisations/soi/rename', { name: 'Chi bộ Sợi 1', on: '2006-01-01' }));
    done(await server.post('organisations/soi/move', { parent: 'south', on: '2007-01-01' }));
    done(await server.post('organisations/north/merge', { into: 'south', on: '2008-01-01' }));
    done(await server.post('organisations/soi/dissolve', { on: '2009-01-01' }));
    expect((await server.get('organisations/soi?asOf=2006-06-01')).body).toMatchObject({
      ...{ name: 'Chi bộ Sợi 1', parent: 'north', exists: true, closed: { on: '2009-01-01' } },
      parents: [
        { from: '2005-01-01', parent: 'north' },
        { from: '2007-01-01', parent: 'south' },
      ],
    });
    expect((await server.get('organisations/north')).body).toMatchObject({
      exists: false,
      closed: { on: '2008-01-01', into: 'south' },
    });
  });
  it.each([
    ['rename', { name: 'x', on: '2006-01-01' }],
    ['move', { parent: 'south', on: '2006-01-01' }],
    ['merge', { into: 'south', on: '2006-01-01' }],
    ['dissolve', { on: '2006-01-01' }],
  ])('%s refuses what is malformed, unknown, or seen too long ago', async (verb, body) => {
    expect(await server.post(`organisations/none/${verb}`, body)).toMatchObject(refused(404, 'organisation-not-found'));
    expect(await server.post(`organisations/soi/${verb}`, {})).toMatchObject(refused(422, 'invalid-input'));
    expect(await server.post(`organisations/soi/${verb}`, body, { 'if-match': '"2"' })).toMatchObject(
      refused(412, 'revision-mismatch'),
    );
    const cellBody = verb === 'merge' ? { into: 'soi2', on: '2006-01-01' } : body;
    done(
      await server.post('organisations', {
        ...{ id: 'soi2', code: 'K9', name: 'Chi bộ 2', kind: 'cell', parent: 'north', from: '2005-01-01' },
      }),
    );
    const key = { 'idempotency-key': 'k', 'if-match': '"3"' };
    const first = await server.post(`organisations/soi/${verb}`, cellBody, key);
    expect(first).toMatchObject({ status: 200, etag: '"5"', body: { id: 'soi', revision: 5 } });
    expect(await server.post(`organisations/soi/${verb}`, cellBody, key)).toEqual(first);
  });
  it('refuses a cycle, and closing what is not empty', async () => {
    expect(await server.post('organisations/bloc/move', { parent: 'north', on: '2006-01-01' })).toMatchObject(
      refused(409, 'organisation-cycle'),
    );
    expect(await server.post('organisations/north/dissolve', { on: '2006-01-01' })).toMatchObject(
      refused(409, 'organisation-not-empty'),
    );
    const member = { code: '1', name: 'Lan', cell: 'soi', standing: 'probationary', admittedOn: '2006-01-01' };
    done(await server.post('members', { id: 'lan', ...member }));
    expect(await server.post('organisations/soi/dissolve', { on: '2005-06-01' })).toMatchObject({
      ...refused(409, 'organisation-not-empty'),
      body: { detail: 'The organisation still has 1 member.' },
    });
    done(await server.post('members/lan/leave', { on: '2007-01-01', reason: 'resigned' }));
    done(await server.post('organisations/soi/dissolve', { on: '2007-01-01' }));
    expect(await server.post('members', { ...member, code: '2', admittedOn: '2007-01-01' })).toMatchObject(
      refused(409, 'organisation-closed'),
    );
  });
  it('lets nobody into a cell while it is being dissolved', async () => {
    const member = { name: 'Lan', cell: 'soi', standing: 'probationary', admittedOn: '2006-01-01' };
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, (_, index) => server.post('members', { ...member, code: `c${index}` })),
      server.post('organisations/soi/dissolve', { on: '2005-06-01' }),
      ...Array.from({ length: 20 }, (_, index) => server.post('members', { ...member, code: `d${index}` })),
    ]);
    const admitted = answers.filter(({ status }) => status === 201).length;
    const dissolved = answers.some(({ status }) => status === 200);
    expect(dissolved).toBe(admitted === 0);
  });
});

describe('GET /membership/organisations', () => {
  const ids = async (query: string) => {
    const { items } = done(await server.get(`organisations${query}`));
    return Array.isArray(items) ? items.map(({ id }) => id) : items;
  };
  it('lists those of a day, of a parent, of a kind, by code', async () => {
    expect(await ids('')).toEqual(['bloc', 'north', 'soi', 'south']);
    expect(await ids('?asOf=2004-06-01')).toEqual(['bloc', 'north', 'south']);
    expect(await ids('?parent=bloc')).toEqual(['north', 'south']);
    expect(await ids('?kind=cell')).toEqual(['soi']);
  });
  it('pages', async () => {
    const first = done(await server.get('organisations?limit=3'));
    expect(first['next']).toBeDefined();
    expect(await ids(`?limit=3&cursor=${String(first['next'])}`)).toEqual(['south']);
  });
  it('refuses what is malformed or unknown', async () => {
    expect(await server.get('organisations?kind=club')).toMatchObject(refused(422, 'invalid-input'));
    expect(await server.get('organisations/none')).toMatchObject(refused(404, 'organisation-not-found'));
    expect(await server.get('organisations?parent=none')).toMatchObject(refused(404, 'organisation-not-found'));
  });
});
