import fc from 'fast-check';
import { fcSeed } from '@phancong/event-sourcing/testing';
import { NAME } from './register-import/register-cells.ts';
import { done, type MembershipServer, startMembership } from './testing/start-membership.ts';
import { Code, Name, PersonName } from './texts.ts';

// Today is the last day of 2014.
const TOMORROW = '2015-01-01';
const lan = {
  ...{ id: 'lan', code: '79.001', name: 'Nguyễn Thị Lan', cell: 'soi', standing: 'probationary' },
  ...{ admittedOn: '2004-02-03', birthDate: '1980-05-01' },
};
const binh = { name: 'Trần Văn Bình', introducedBy: 'lan', introducedOn: '2008-05-19', consentOn: '2008-05-01' };
const cell = { code: 'S', name: 'Chi bộ Sợi', kind: 'cell', from: '2004-01-01' };

const invalid = (path: string, code: string) => ({
  status: 422,
  body: expect.objectContaining({ code: 'invalid-input', errors: [expect.objectContaining({ path, code })] }),
});
const refused = (code: string) => ({ status: 422, body: expect.objectContaining({ code }) });

describe('names and codes', () => {
  it.each(['=1+1', '@x', '+84', '-x', '!!', '1', 'Lan <b>', 'Lan;DROP', 'Lan=1', '#REF!', '“Lan”'])(
    'are none of a person: %s',
    (text) => expect(PersonName.safeParse(text).success).toBe(false),
  );
  it.each(['An', 'x', 'Y Bhiu Niê', "K'Brừi", 'Nguyễn Thị Hoa 2', 'Lê Văn Đức (A)', 'Trần Anh-Tú', 'Lan, Nguyễn Thị'])(
    'are one of a person: %s',
    (text) => expect(PersonName.parse(text)).toBe(text),
  );
  it('are of a person when the import of registers takes them', () => {
    const letters = fc.constantFrom(..."aăâbcdđeêàảãNguyễn .'’-".split(''));
    fc.assert(
      fc.property(fc.string({ unit: letters, minLength: 2 }), (text) => {
        const kept = text.trim().replace(/ +/g, ' ');
        if (NAME.test(kept)) expect(PersonName.safeParse(kept).success).toBe(true);
      }),
      fcSeed(),
    );
  });
  it.each(['A1!!', '=1', '-1', '@a', 'a=b', 'a"b', '!'])('are no code: %s', (text) =>
    expect(Code.safeParse(text).success).toBe(false),
  );
  it.each(['79.001234', 'CB-01', 'dv-0a1b2c', '79 001/TU', 'Đ1_2', 'm1'])('are a code: %s', (text) =>
    expect(Code.parse(text)).toBe(text),
  );
  it.each(['=SUM(A1)', '+x', '@x', '-', '“”'])('are none of an organisation: %s', (text) =>
    expect(Name.safeParse(text).success).toBe(false),
  );
  it.each(['Chi bộ 1', 'Công ty CP Dệt may 29/3 (Đà Nẵng)', '“Sợi” & Dệt', '1', 'S'])(
    'are one of an organisation: %s',
    (text) => expect(Name.parse(text)).toBe(text),
  );
});

describe('over HTTP', () => {
  let server: MembershipServer;
  beforeEach(async () => {
    server = await startMembership();
    done(await server.post('organisations/bulk', { organisations: [{ id: 'soi', ...cell }] }));
    done(await server.post('organisations', { ...cell, id: 'det', code: 'D' }));
    done(await server.post('members', lan));
    done(await server.post('candidates', { id: 'binh', ...binh }));
    done(await server.post('candidates/binh/train', { on: '2009-01-01' }));
  });
  afterEach(() => server.close());
  const head = () => server.store.head();

  it('names and codes are looked at, of members, candidates and organisations', async () => {
    const before = await head();
    const member = { ...lan, id: 'm2', code: '79.2' };
    expect(await server.post('members', { ...member, name: '=1+1' })).toMatchObject(invalid('name', 'name-invalid'));
    expect(await server.post('members', { ...member, code: 'A1!!' })).toMatchObject(invalid('code', 'code-invalid'));
    expect(await server.post('members/lan/correct', { name: '=1+1', reason: 'x' })).toMatchObject(
      invalid('name', 'name-invalid'),
    );
    expect(await server.post('members/bulk', { members: [{ ...member, name: '=1+1' }] })).toMatchObject(
      invalid('members.0.name', 'name-invalid'),
    );
    expect(await server.post('candidates', { ...binh, name: '=1+1' })).toMatchObject(invalid('name', 'name-invalid'));
    expect(await server.post('candidates/binh/admit', { on: '2009-02-01', cell: 'soi', code: 'A1!!' })).toMatchObject(
      invalid('code', 'code-invalid'),
    );
    expect(await server.post('organisations', { ...cell, code: 'N', name: '=1+1' })).toMatchObject(
      invalid('name', 'like-formula'),
    );
    expect(await server.post('organisations', { ...cell, code: 'A1!!' })).toMatchObject(
      invalid('code', 'code-invalid'),
    );
    expect(await server.post('organisations/soi/rename', { name: '@x', on: '2010-01-01' })).toMatchObject(
      invalid('name', 'like-formula'),
    );
    expect(await head()).toBe(before);
  });

  it.each([
    ['members', { ...lan, id: 'm2', code: '79.2', admittedOn: TOMORROW }],
    ['members', { ...lan, id: 'm2', code: '79.2', from: TOMORROW }],
    ['members', { ...lan, id: 'm2', code: '79.2', birthDate: TOMORROW }],
    ['members', { ...lan, id: 'm2', code: '79.2', standing: 'official', officialOn: TOMORROW }],
    ['members/lan/transfer', { cell: 'det', on: TOMORROW }],
    ['members/lan/officialise', { on: TOMORROW }],
    ['members/lan/exempt', { from: TOMORROW, reason: 'ốm' }],
    ['members/lan/end-exemption', { on: TOMORROW }],
    ['members/lan/leave', { on: TOMORROW, reason: 'resigned' }],
    ['members/lan/correct', { officialOn: TOMORROW, reason: 'nhầm' }],
    ['members/lan/correct', { birthDate: TOMORROW, reason: 'nhầm' }],
    ['candidates', { ...binh, id: 'an', introducedOn: TOMORROW }],
    ['candidates/binh/admit', { on: TOMORROW, cell: 'soi', code: '79.2' }],
    ['candidates/binh/withdraw', { on: TOMORROW, reason: 'thôi' }],
    ['organisations', { ...cell, code: 'N', from: TOMORROW }],
    ['organisations/soi/rename', { name: 'Chi bộ 1', on: TOMORROW }],
    ['organisations/det/merge', { into: 'soi', on: TOMORROW }],
    ['organisations/det/dissolve', { on: TOMORROW }],
  ])('a day that has not come is refused by %s: %o', async (path, body) => {
    const before = await head();
    expect(await server.post(path, body)).toMatchObject(refused('day-in-future'));
    expect(await head()).toBe(before);
  });

  it('today has come, and a planned end may lie ahead', async () => {
    done(await server.post('members/lan/exempt', { from: '2014-12-31', until: '2016-01-01', reason: 'đi học' }));
    done(await server.post('members/lan/transfer', { cell: 'det', on: '2014-12-31' }));
  });

  it('nobody is admitted before birth', async () => {
    const unborn = { ...lan, id: 'm2', code: '79.2', birthDate: '2004-02-04' };
    expect(await server.post('members', unborn)).toMatchObject(refused('admitted-before-birth'));
    for (const change of [{ birthDate: '2004-02-04' }, { admittedOn: '1980-04-30', from: '2005-01-01' }]) {
      expect(await server.post('members/lan/correct', { ...change, reason: 'nhầm' })).toMatchObject(
        refused('admitted-before-birth'),
      );
    }
    done(await server.post('members/lan/correct', { birthDate: '2004-02-03', reason: 'nhầm' }));
    done(await server.post('members/lan/correct', { birthDate: null, reason: 'nhầm' }));
    done(await server.post('members/lan/correct', { admittedOn: '1970-01-01', reason: 'nhầm' }));
  });
});
