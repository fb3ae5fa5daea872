import { cellRegister, committeeRegister, csvText, type FileSheet, xlsx } from '../testing/register-files.ts';
import { wholeRegister } from '../testing/whole-register.ts';

const read = async (...sheets: FileSheet[]) => wholeRegister(await xlsx(...sheets));

describe('A committee’s register (Mẫu 7-HSĐV)', () => {
  it('gives one member a row, whatever stands above, between and below', async () => {
    const { rows } = await read(committeeRegister);
    expect(rows.map(({ row, member, places }) => ({ row, places, member }))).toEqual([
      {
        row: 7,
        places: ['Chi bộ Phân xưởng 1'],
        member: {
          name: 'NGUYỄN VĂN AN',
          birthDate: '1975-05-12',
          code: '52.000001',
          admittedOn: '1998-02-03',
          officialOn: '1999-02-03',
          job: 'Kỹ sư',
          sex: 'male',
          nativePlace: 'Hà Nội',
          education: '12/12',
        },
      },
      {
        row: 8,
        places: ['phan xuong 1'],
        member: {
          name: 'Trần Thị Bình',
          birthDate: '1980-01-01',
          bornWithin: 'year',
          code: '52000002',
          admittedOn: '2005-06-05',
          officialOn: '2006-06-06',
          transferredIn: '2010-03-15',
          job: 'Thợ hàn',
          sex: 'female',
          nativePlace: 'Huế',
          education: '12/12',
        },
      },
      {
        row: 10,
        places: ['CB02'],
        member: {
          name: 'Lê Hữu Châu',
          birthDate: '1950-01-01',
          code: '52000003',
          admittedOn: '1970-02-03',
          officialOn: '1971-02-03',
          left: { on: '2012-11-20', reason: 'expelled' },
          sex: 'male',
          nativePlace: 'Nghệ An',
          education: '10/10',
        },
      },
    ]);
    expect(rows.flatMap(({ problems }) => problems)).toEqual([]);
    expect(rows[1]?.remarks).toEqual([{ field: 'birthDate', code: 'birth-date-partial', value: '1980', facts: {} }]);
  });

  it('says what it drops, religion and ethnicity first of all', async () => {
    const { dropped } = await read(committeeRegister);
    expect(dropped.map(({ column, field }) => `${column} ${field}`)).toEqual([
      'B birthName',
      'C ethnicity',
      'C religion',
    ]);
    expect(dropped[1]?.header).toBe('Giới tính, dân tộc, tôn giáo');
  });

  it('may have a sheet for each cell, and others beside', async () => {
    const sheet = (name: string, ...above: string[]): FileSheet => ({
      name,
      rows: [...above.map((text) => [text]), ...cellRegister.slice(0, 2)],
    });
    const { rows, skipped } = await read(sheet('Chi bộ 1'), sheet('Sheet2', 'DANH SÁCH ĐẢNG VIÊN', 'CHI BỘ: KẾ TOÁN'), {
      name: 'Hướng dẫn',
      rows: [['Xin điền đủ các cột']],
    });
    expect(rows.map(({ sheet: name, row, places }) => ({ name, row, places }))).toEqual([
      { name: 'Chi bộ 1', row: 2, places: ['Chi bộ 1'] },
      { name: 'Sheet2', row: 4, places: ['CHI BỘ: KẾ TOÁN', 'Sheet2'] },
    ]);
    expect(skipped).toEqual(['Hướng dẫn']);
  });

  it('may name the cell in a line between the rows', async () => {
    const [head = [], an = []] = cellRegister;
    const { rows } = await read({ name: 'S', rows: [head, ['I. Chi bộ 1'], an, ['Cộng: 1'], ['II. Chi bộ 2'], an] });
    expect(rows.map(({ places }) => places[0])).toEqual(['I. Chi bộ 1', 'II. Chi bộ 2']);
  });

  it('uses the value kept with a formula and keeps what only looks like one as text, saying so', async () => {
    const [head = []] = cellRegister;
    const { rows } = await read({
      name: 'S',
      rows: [
        [...head, 'Nghề nghiệp'],
        [
          'Đặng Văn Hậu',
          '1969',
          { formula: 'DATE(1995,2,3)', result: 34_733 },
          null,
          '1',
          null,
          '=HYPERLINK("http://x")',
        ],
      ],
    });
    expect(rows[0]?.member).toMatchObject({ admittedOn: '1995-02-03', job: '=HYPERLINK("http://x")' });
    expect(rows[0]?.remarks).toContainEqual({
      ...{ field: 'job', code: 'formula-text', value: '=HYPERLINK("http://x")', facts: {} },
    });
  });
});

describe('A cell’s register as CSV', () => {
  const expected = [
    {
      name: 'Đặng Văn Hậu',
      birthDate: '1969-09-02',
      code: '52.000010',
      admittedOn: '1995-02-03',
      officialOn: '1996-02-03',
    },
    { name: 'Vũ Ngọc', birthDate: '1988-01-01', bornWithin: 'year', admittedOn: '2014-05-19' },
  ];
  const text = csvText(cellRegister);
  const utf16be = Buffer.from('\ufeff' + text, 'utf16le').swap16();
  it.each([
    ['commas', Buffer.from(text)],
    ['semicolons', Buffer.from(csvText(cellRegister, ';'))],
    ['tabs', Buffer.from(csvText(cellRegister, '\t'))],
    ['Excel’s hint of the delimiter', Buffer.from('sep=;\r\n' + csvText(cellRegister, ';'))],
    ['UTF-8 with a mark', Buffer.from('\ufeff' + text)],
    ['NFD', Buffer.from(text.normalize('NFD'))],
    ['UTF-16 LE', Buffer.from('\ufeff' + csvText(cellRegister, '\t'), 'utf16le')],
    ['UTF-16 LE without a mark', Buffer.from(text, 'utf16le')],
    ['UTF-16 BE', utf16be],
    ['a total and blank lines', Buffer.from(text + ',,,,,\r\nCộng: 2,,,,,\r\n')],
    ['titles of another width above', Buffer.from('SỔ ĐẢNG VIÊN\r\n\r\n' + text)],
  ])('is read with %s', async (_, bytes) => {
    const { rows, dropped } = await wholeRegister(bytes);
    expect(rows.map(({ member }) => member)).toEqual(expected);
    expect(dropped.map(({ field }) => field)).toEqual(['religion']);
  });

  it('may have a header over two rows, its groups named once', async () => {
    const { rows } = await wholeRegister(
      Buffer.from(
        csvText([
          ['TT', 'Họ và tên', 'Năm sinh', '', 'Ngày tháng năm', '', 'Số thẻ'],
          ['', '', 'Nam', 'Nữ', 'vào Đảng', 'chính thức', ''],
          ['(1)', '(2)', '(3)', '(4)', '(5)', '(6)', '(7)'],
          ['1', 'Lê An', '', '7/5/1970', '1/2/1990', '1/2/1991', '5'],
        ]),
      ),
    );
    expect(rows.map(({ member }) => member)).toEqual([
      { name: 'Lê An', birthDate: '1970-05-07', admittedOn: '1990-02-01', officialOn: '1991-02-01', code: '5' },
    ]);
  });

  it('reports every fault of a row with its column', async () => {
    const { rows } = await wholeRegister(
      Buffer.from(
        csvText([
          ['Họ và tên', 'Ngày sinh', 'Ngày vào Đảng', 'Ngày chính thức', 'Chuyển đi', 'Từ trần', 'Nghề nghiệp'],
          ['Lê An', '30/02/1970', '1/2/1990', '', '', '', ''],
          ['Lê 7', '1970', '', '', '', '', '#REF!'],
          ['', '', '1/2/1990', '1/2/1989', '1/1/1980', '1/1/2000', ''],
        ]),
      ),
    );
    expect(rows.map(({ row, problems }) => [row, ...problems.map(({ field, code }) => `${field} ${code}`)])).toEqual([
      [2, 'birthDate day-invalid'],
      [3, 'name name-invalid', 'job cell-error', 'admittedOn day-missing'],
      [4, 'name name-missing', 'died two-leavings'],
    ]);
    expect(rows[0]?.columns).toMatchObject({ name: 'A', birthDate: 'B', died: 'F' });
  });
});
