import { MemberId, OrganisationId } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { type ImportDesk, importDesk } from '../testing/import-desk.ts';
import { cellRegister, csvText, xlsx } from '../testing/register-files.ts';
import { wholeRegister } from '../testing/whole-register.ts';
import { PACKED } from './packed-rows.ts';

const day = (text: string) => Day.parse(text);
const org = (id: string) => OrganisationId.parse(id);
const [head = [], hau = [], ha = []] = cellRegister;
const withJob = (job: string): Buffer =>
  Buffer.from(
    csvText([
      [...head, 'Nghề nghiệp'],
      [...hau, job],
    ]),
  );

let desk: ImportDesk;
beforeEach(async () => {
  desk = importDesk();
  await desk.register('cb01', 'Chi bộ 1', 'cell');
});
afterEach(() => desk.stop());

const told = async () =>
  (await desk.store.readAll(0, 10_000)).filter(({ stream }) => stream.startsWith('member-')).map(({ type }) => type);

describe('What an import tells', () => {
  it('of the same row of two sheets is of two members', async () => {
    const bytes = await xlsx({ name: 'Một', rows: [head, hau] }, { name: 'Hai', rows: [head, ha] });
    expect((await desk.import(bytes, 'cb01')).counts).toMatchObject({ rows: 2, accepted: 2 });
    expect(await told()).toEqual(['MemberAdmitted', 'MemberAdmitted']);
  });

  it('is told again when another register has said otherwise meanwhile', async () => {
    const [worker, engineer] = [withJob('Thợ'), withJob('Kỹ sư')];
    for (const file of [worker, engineer, worker, engineer]) {
      expect((await desk.import(file, 'cb01')).counts).toMatchObject({ accepted: 1 });
    }
    expect(await told()).toEqual(['MemberAdmitted', 'MemberCorrected', 'MemberCorrected', 'MemberCorrected']);
  });

  const withBirth = (birth: string): Buffer => {
    const [name = '', , ...others] = hau;
    return Buffer.from(csvText([head, [name, birth, ...others]]));
  };
  const corrections = async () =>
    (await desk.store.readAll(0, 10_000)).flatMap(({ type, data }) =>
      type === 'MemberCorrected' ? [JSON.parse(data)] : [],
    );

  it.each(['1969', '9/1969'])('is no other birth date, given one of which only %s is told', async (told) => {
    await desk.import(withBirth('02/09/1969'), 'cb01');
    expect((await desk.import(withBirth(told), 'cb01')).counts).toMatchObject({ unchanged: 1 });
    expect(await corrections()).toEqual([]);
  });

  it.each(['1970', '10/1969'])('is another birth date, given %s instead', async (told) => {
    await desk.import(withBirth('02/09/1969'), 'cb01');
    expect((await desk.import(withBirth(told), 'cb01')).counts).toMatchObject({ accepted: 1, unchanged: 0 });
    expect(await corrections()).toHaveLength(1);
  });

  it('is the whole birth date where only the year was known', async () => {
    await desk.import(withBirth('1969'), 'cb01');
    expect((await desk.import(withBirth('02/09/1969'), 'cb01')).counts).toMatchObject({ accepted: 1 });
    expect(await corrections()).toHaveLength(1);
  });

  it('is of the same member, also where the year of birth is all that both tell', async () => {
    const [name = '', , admitted = '', official = ''] = hau;
    const cardless = (birth: string) => Buffer.from(csvText([head, [name, birth, admitted, official, '', 'Không']]));
    await desk.import(cardless('02/09/1969'), 'cb01');
    expect((await desk.import(cardless('1969'), 'cb01')).counts).toMatchObject({ unchanged: 1 });
  });

  it('is whose the card is from then on', async () => {
    await desk.import(withJob('Thợ'), 'cb01');
    const life = { cell: org('cb01'), standing: 'official', admittedOn: day('1996-02-03') } as const;
    const other = { id: MemberId.parse('other'), name: 'Vũ Hà', code: '52.000010', ...life };
    await expect(desk.members.admit(other, desk.context())).rejects.toMatchObject({ code: 'member-code-taken' });
  });

  it('cannot be a card of somebody else, which a dry run finds too', async () => {
    const life = { cell: org('cb01'), standing: 'official', admittedOn: day('1996-02-03') } as const;
    await desk.members.admit({ id: MemberId.parse('ha'), name: 'Vũ Hà', code: '52.000010', ...life }, desk.context());
    const [row] = (await wholeRegister(withJob('Thợ'))).rows;
    if (!row?.member) throw new Error('no row');
    const meant = { row, member: row.member, outcome: 'admit', id: MemberId.parse('new'), code: '52.000010' } as const;
    const admission = { ...meant, organisation: org('cb01'), from: day('1995-02-03') };
    const taken = { code: 'member-code-taken' };
    await expect(desk.memberRows.check(admission, desk.context())).rejects.toMatchObject(taken);
    await expect(desk.memberRows.take(admission, desk.context())).rejects.toMatchObject(taken);
  });

  it.each([true, false])('is shown as far as it has come, in a dry run: %p', async (dryRun) => {
    const rows = Array.from({ length: PACKED + 1 }, (_, index) => hau.with(4, `53.${index}`));
    const seen: string[] = [];
    await desk.importRegister({
      ...{ bytes: Buffer.from(csvText([head, ...rows])), organisation: org('cb01'), dryRun, by: 'lan' },
      onProgress: ({ done, rows: read }) => seen.push(`${done} of ${read}`),
    });
    const all = PACKED + 1;
    expect(seen).toEqual([`0 of ${PACKED}`, `0 of ${all}`, `${PACKED} of ${all}`, `${all} of ${all}`]);
  });
});
