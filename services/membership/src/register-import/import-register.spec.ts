import { Refusal } from '@phancong/event-sourcing';
import { type ImportDesk, importDesk } from '../testing/import-desk.ts';
import { cellRegister, committeeRegister, csvText, xlsx } from '../testing/register-files.ts';
import { MOST_FINDINGS } from './import-report.ts';
import { PACKED } from './packed-rows.ts';

let desk: ImportDesk;
beforeEach(async () => {
  desk = importDesk();
  await desk.register('cty', 'Đảng bộ Công ty Cơ khí', 'committee');
  await desk.register('cb01', 'Chi bộ Phân xưởng 1', 'cell', 'cty');
  await desk.register('cb02', 'Chi bộ Văn phòng', 'cell', 'cty');
});
afterEach(() => desk.stop());

const names = async () => {
  const events = await desk.store.readAll(0, 1_000);
  return events
    .filter(({ stream }) => stream.startsWith('member-'))
    .map(({ type, occurredAt }) => `${type} ${occurredAt}`);
};

describe('The import of a register', () => {
  it('tells in a dry run what it would do, and keeps nothing', async () => {
    const before = await desk.store.head();
    const { counts, report, position } = await desk.import(await xlsx(committeeRegister), 'cty', true);
    expect(counts).toEqual({ rows: 3, accepted: 3, changed: 0, rejected: 0, unchanged: 0 });
    expect(report.perOrganisation).toEqual([
      {
        organisation: { id: 'cb01', name: 'Chi bộ Phân xưởng 1' },
        rows: 2,
        accepted: 2,
        changed: 0,
        rejected: 0,
        unchanged: 0,
      },
      {
        organisation: { id: 'cb02', name: 'Chi bộ Văn phòng' },
        rows: 1,
        accepted: 1,
        changed: 0,
        rejected: 0,
        unchanged: 0,
      },
    ]);
    expect(report.dropped.map(({ field }) => field)).toEqual(expect.arrayContaining(['religion', 'ethnicity']));
    expect(position).toBe(0);
    expect(await desk.store.head()).toBe(before);
  });

  it('admits the members with their lives', async () => {
    const { counts, position } = await desk.import(await xlsx(committeeRegister), 'cty');
    expect(counts).toMatchObject({ accepted: 3, rejected: 0 });
    expect(position).toBe(await desk.store.head());
    expect((await names()).sort()).toEqual([
      'MemberAdmitted 1990-01-01',
      'MemberAdmitted 1998-02-03',
      'MemberAdmitted 2010-03-15',
      'MemberLeft 2012-11-20',
    ]);
  });

  it('keeps nothing of religion and ethnicity, and nothing personal in clear', async () => {
    await desk.import(await xlsx(committeeRegister), 'cty');
    const log = JSON.stringify(await desk.store.readAll(0, 1_000));
    for (const word of ['Kinh', 'Phật giáo', 'Bình', 'BÌNH', 'Châu', '1975-05-12']) expect(log).not.toContain(word);
  });

  it.each([
    ['while the roster lags', async () => undefined],
    ['when the roster has caught up', () => desk.follow()],
  ])('changes nothing the second time, %s', async (_, follow) => {
    const bytes = await xlsx(committeeRegister);
    await desk.import(bytes, 'cty');
    await follow();
    const before = await desk.store.head();
    expect((await desk.import(bytes, 'cty')).counts).toMatchObject({ rows: 3, accepted: 0, unchanged: 3 });
    const again = await desk.import(Buffer.from(csvText(cellRegister)), 'cb02');
    expect(again.counts).toMatchObject({ rows: 2, accepted: 2 });
    expect((await desk.import(Buffer.from(csvText(cellRegister, ';')), 'cb02')).counts).toMatchObject({ unchanged: 2 });
    expect(await desk.store.head()).toBeGreaterThan(before);
  });

  it('makes what has happened since: a correction, an official day, a leaving', async () => {
    const [head = [], hau = [], ha = []] = cellRegister;
    await desk.import(Buffer.from(csvText(cellRegister)), 'cb02');
    const next = [
      [...head, 'Từ trần', 'Nghề nghiệp'],
      [...hau, '1/9/2014', 'Kỹ sư'],
      [...ha.with(3, '19/05/2014').with(2, '19/05/2013'), '', ''].with(1, '1988'),
      [...ha.with(3, '20/11/2014'), '', ''],
    ];
    const { counts, errors } = await desk.import(Buffer.from(csvText(next)), 'cb02');
    expect(errors).toEqual([]);
    // The third row names another day of admission and no card: it is another person.
    expect(counts).toEqual({ rows: 3, accepted: 3, changed: 2, rejected: 0, unchanged: 0 });
    expect((await names()).slice(2).sort()).toEqual([
      'MemberAdmitted 2013-05-19',
      'MemberCorrected 2014-12-31',
      'MemberLeft 2014-09-01',
      'MemberOfficialised 2014-11-20',
    ]);
  });

  it('imports what it can and reports the rest by row and column', async () => {
    const [head = [], hau = [], ha = []] = cellRegister;
    const { counts, errors } = await desk.import(
      Buffer.from(
        csvText([
          [...head, 'Chi bộ'],
          [...hau, 'Văn phòng'],
          [...ha.with(2, '31/02/2014'), 'Phòng khác'],
        ]),
      ),
      'cty',
    );
    expect(counts).toMatchObject({ rows: 2, accepted: 1, rejected: 1 });
    expect(errors).toEqual([
      { sheet: '', row: 3, column: 'C', value: '31/02/2014', code: 'day-invalid', facts: {} },
      { sheet: '', row: 3, column: 'G', value: 'Phòng khác', code: 'cell-unknown', facts: {} },
    ]);
  });

  it('refuses the register of another cell, each time it is tried or done', async () => {
    const title = ['', 'CHI BỘ PHÂN XƯỞNG 1'];
    const [head = [], hau = [], ha = []] = cellRegister;
    const bytes = Buffer.from(csvText([['ĐẢNG BỘ CÔNG TY CƠ KHÍ'], title, head, hau, ['Chi bộ Văn phòng'], ha]));
    for (const dryRun of [true, false, true]) {
      const { counts, errors } = await desk.import(bytes, 'cb02', dryRun);
      expect(counts).toMatchObject({ rejected: 1 });
      expect(errors).toMatchObject([{ row: 4, column: '', code: 'title-of-another-cell', value: title[1] }]);
    }
  });

  it('warns once of each title that names no cell', async () => {
    const [head = [], hau = [], ha = []] = cellRegister;
    const titles = [['ĐẢNG BỘ CÔNG TY CƠ KHÍ'], ['CHI BỘ KHO'], head];
    const bytes = Buffer.from(csvText([...titles, hau, ha, ['Chi bộ Bãi'], hau.with(0, 'Vũ Minh').with(4, '53.1')]));
    for (const dryRun of [true, false, true]) {
      const { counts, report } = await desk.import(bytes, 'cb02', dryRun);
      expect(counts).toMatchObject({ rows: 3, rejected: 0 });
      expect(report.warnings.filter(({ code }) => code === 'title-unknown')).toMatchObject([
        { row: 4, value: 'CHI BỘ KHO' },
        { row: 7, value: 'Chi bộ Bãi' },
      ]);
    }
  });

  it('is given to an organisation by its id, or by its code', async () => {
    const { counts, report } = await desk.import(Buffer.from(csvText(cellRegister)), 'CB02');
    expect(counts).toMatchObject({ accepted: 2 });
    expect(report.perOrganisation).toMatchObject([{ organisation: { id: 'cb02', name: 'Chi bộ Văn phòng' } }]);
  });

  it('remembers who was spoken of, however far above', async () => {
    const [head = [], hau = []] = cellRegister;
    const others = Array.from({ length: 2 * PACKED }, (_, index) => [...hau.with(4, `53.${index}`)]);
    const { counts, errors } = await desk.import(Buffer.from(csvText([head, hau, ...others, hau])), 'cb02', true);
    expect(counts).toMatchObject({ rows: 2 * PACKED + 2, accepted: 2 * PACKED + 1, rejected: 1 });
    expect(errors).toMatchObject([{ row: 2 * PACKED + 3, code: 'duplicate-row', facts: { sheet: '', row: 2 } }]);
  });

  it('warns of a probation that should have ended long ago, each time it is tried or done', async () => {
    const [head = [], hau = []] = cellRegister;
    const blank = (name: string, admitted: string, ...left: string[]) => [
      ...hau.with(0, name).with(2, admitted).with(3, '').with(4, ''),
      ...[left[0] ?? ''],
    ];
    const bytes = Buffer.from(
      csvText([
        [...head, 'Từ trần'],
        blank('Lê An', '30/12/2012'),
        blank('Vũ Hà', '31/12/2012'),
        blank('Đỗ Tư', '1/1/2005', '1/6/2006'),
        [...hau, ''],
      ]),
    );
    const overdue = [{ row: 2, column: 'D', code: 'probation-overdue', value: undefined }];
    for (const dryRun of [true, false, true]) {
      const { counts, report } = await desk.import(bytes, 'cb02', dryRun);
      expect(counts).toMatchObject({ rejected: 0 });
      expect(report.warnings).toMatchObject(overdue);
    }
  });

  it('does not take for probation what was recorded as official before', async () => {
    const [head = [], hau = []] = cellRegister;
    await desk.import(Buffer.from(csvText([head, hau])), 'cb02');
    const { counts, report } = await desk.import(Buffer.from(csvText([head, hau.with(3, '')])), 'cb02');
    expect(counts).toMatchObject({ unchanged: 1 });
    expect(report.warnings).toEqual([]);
  });

  it('lists no more faults than anyone reads, and counts the rest', async () => {
    const [head = [], hau = []] = cellRegister;
    const wrong = Array.from({ length: MOST_FINDINGS / 2 + 1 }, () => hau.with(1, '30/2/1970').with(2, '31/2/1990'));
    const { counts, report } = await desk.import(Buffer.from(csvText([head, ...wrong])), 'cb02', true);
    expect(counts).toMatchObject({ rejected: wrong.length });
    expect(report.errors).toHaveLength(MOST_FINDINGS);
    expect(report).toMatchObject({ errorsLeftOut: 2, warningsLeftOut: 0 });
  });

  it('keeps nothing of a file that cannot be read, or is given to nobody', async () => {
    const before = await desk.store.head();
    const bytes = (await xlsx(committeeRegister)).subarray(0, 3_000);
    await expect(desk.import(bytes, 'cty')).rejects.toMatchObject({ code: 'file-broken' });
    await expect(desk.import(Buffer.from(csvText(cellRegister)), 'xx')).rejects.toThrow(Refusal);
    expect(await desk.store.head()).toBe(before);
  });
});
