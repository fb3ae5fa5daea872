import { csvText, type FileSheet, xlsx } from '../testing/register-files.ts';
import { wholeRegister } from '../testing/whole-register.ts';

const csv = async (...rows: readonly (readonly string[])[]) => wholeRegister(Buffer.from(csvText(rows)));
const names = async (...rows: readonly (readonly string[])[]) =>
  (await csv(...rows)).rows.map(({ row, member }) => `${row} ${member?.name}`);
const header = ['Họ và tên', 'Ngày vào Đảng', 'Nghề nghiệp'];
const an = ['Lê An', '3/2/1995', 'Thợ'];

describe('The header of a register', () => {
  it('is found under many lines of titles, but not anywhere', async () => {
    const titles = (count: number) => Array.from({ length: count }, () => ['SỔ ĐẢNG VIÊN', '', '']);
    expect(await names(...titles(39), header, an)).toEqual(['41 Lê An']);
    await expect(names(...titles(41), header, an)).rejects.toMatchObject({ code: 'file-without-register' });
  });

  it('takes no title above it for a part of itself', async () => {
    const { rows, dropped } = await csv(['Chi bộ 1', '', ''], [...header.slice(0, 2), 'Tôn giáo'], an);
    expect(rows).toMatchObject([{ row: 3, places: ['Chi bộ 1'] }]);
    expect(dropped).toEqual([{ sheet: '', column: 'C', header: 'Tôn giáo', field: 'religion' }]);
  });

  it('takes no member under it for a part of itself', async () =>
    expect(await names(['Họ và tên', 'Ngày vào Đảng', 'Khác'], ['Lê An', '3/2/1995', 'thường trú Huế'])).toEqual([
      '2 Lê An',
    ]));

  it('may have a name over several columns', async () => {
    const sheet: FileSheet = {
      name: 'S',
      rows: [
        ['Họ và tên', 'Năm sinh', null, 'Ngày vào Đảng'],
        ['Lê An', null, '1/2/1970', '3/2/1995'],
      ],
      merges: ['B1:C1'],
    };
    const { rows } = await wholeRegister(await xlsx(sheet));
    expect(rows).toMatchObject([{ member: { birthDate: '1970-02-01' } }]);
  });

  it('has groups that end where a column stands by itself', async () => {
    const { rows } = await csv(
      ['Họ và tên', 'Ngày tháng năm', '', 'Số thẻ', ''],
      ['', 'vào Đảng', 'chính thức', '', 'Quê quán'],
      ['Lê An', '3/2/1995', '3/2/1996', '7', 'Huế'],
    );
    expect(rows).toMatchObject([{ member: { officialOn: '1996-02-03', code: '7', nativePlace: 'Huế' } }]);
  });

  it('is missing in sheets that are told, but for blank ones', async () => {
    const { skipped } = await wholeRegister(
      await xlsx({ name: 'S', rows: [header, an] }, { name: 'Trống', rows: [] }, { name: 'Thư', rows: [['Kính gửi']] }),
    );
    expect(skipped).toEqual(['Thư']);
  });

  it('names the member, and a date or a card beside', async () => {
    await expect(csv(['Họ và tên', 'Ghi chú'], ['Lê An', ''])).rejects.toMatchObject({ code: 'file-without-register' });
    for (const beside of ['Ngày sinh', 'Ngày vào Đảng', 'Số thẻ']) {
      expect((await csv(['Họ và tên', beside], ['Lê An', '3/2/1995'])).rows).toHaveLength(1);
    }
  });

  it('has columns that are named as spreadsheets do, beyond Z too', async () => {
    const blank = Array.from({ length: 24 }, () => '');
    const wide = await csv(
      ['Họ và tên', ...blank, 'Quê quán', 'Số thẻ', ...blank, '', 'Ngày vào Đảng'],
      ['Lê An', ...blank, '', '7', ...blank, '', '3/2/1995'],
    );
    expect(wide.rows[0]?.columns).toEqual({ name: 'A', nativePlace: 'Z', code: 'AA', admittedOn: 'BA' });
  });
});

describe('A line of a register', () => {
  it('with signatures ends it, also without a total', async () => {
    expect(await names(header, an, ['', '', 'T/M CHI BỘ'], ['Phạm Văn Dũng', '', ''])).toEqual(['2 Lê An']);
    expect(await names(header, an, ['', '', 'Huế, ngày 3 tháng 2 năm 2014'], ['Phạm Văn Dũng', '', ''])).toEqual([
      '2 Lê An',
    ]);
    expect(
      await names(header, an, ['Người lập biểu', '', ''], ['Phạm Văn Dũng', '', ''], ['Vũ Hà', '3/2/1996', '']),
    ).toEqual(['2 Lê An', '5 Vũ Hà']);
  });

  it('holds texts of 500 characters, and cards of 64', async () => {
    const problems = async (job: number, card: number) => {
      const { rows } = await csv([...header, 'Số thẻ'], ['Lê An', '3/2/1995', 'x'.repeat(job), '1'.repeat(card)]);
      return rows.flatMap((read) => read.problems.map(({ field, facts }) => `${field} ${facts['limit']}`));
    };
    expect(await problems(500, 64)).toEqual([]);
    expect(await problems(501, 65)).toEqual(['job 500', 'code 64']);
  });

  it('that tells of a leaving without a reason is taken as a removal, and says so', async () => {
    const { rows } = await csv(
      ['Họ và tên', 'Ngày vào Đảng', 'Ra khỏi Đảng'],
      ['Lê An', '3/2/1995', '1/1/2010'],
      [...['Vũ Hà', '3/2/1995', '1/1/2010, khai trừ']],
    );
    expect(rows.map(({ member, remarks }) => [member?.left?.reason, ...remarks.map(({ code }) => code)])).toEqual([
      ['removed', 'leaving-reason-assumed'],
      ['expelled'],
    ]);
  });

  it('of a secretary is a member, whatever the job', async () =>
    expect(await names(header, ['Lê An', '3/2/1995', 'Bí thư'], ['Vũ Hà', '3/2/1996', 'Phó bí thư'])).toEqual([
      '2 Lê An',
      '3 Vũ Hà',
    ]));

  it('that is the header again, or numbers its columns, is none', async () => {
    expect(await names(header, ['(1)', '(2)', '(3)'], an, header, ['Vũ Hà', '3/2/1996', ''])).toEqual([
      '3 Lê An',
      '5 Vũ Hà',
    ]);
    expect(await names(header, ['A', 'B', 'C'], an)).toEqual(['3 Lê An']);
  });

  it('without name and date is none; with a name alone it is one, and wrong', async () => {
    const { rows } = await csv(header, ['', '', 'Thợ'], ['Lê An', '', '']);
    expect(rows.map(({ row, problems }) => [row, ...problems.map(({ code }) => code)])).toEqual([[3, 'day-missing']]);
  });
});
