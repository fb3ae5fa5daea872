import ExcelJS from 'exceljs';

export type Value = string | number | Date | { formula: string; result: string | number } | null;
export interface FileSheet {
  readonly name: string;
  readonly rows: readonly (readonly Value[])[];
  /** As `A1:B2`. */
  readonly merges?: readonly string[];
}

/** A workbook as bytes; dates get the format dd/mm/yyyy. */
export async function xlsx(...sheets: readonly FileSheet[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  for (const { name, rows, merges = [] } of sheets) {
    const sheet = book.addWorksheet(name);
    for (const values of rows) {
      const row = sheet.addRow([...values]);
      for (const [index, value] of values.entries()) {
        if (value instanceof Date) row.getCell(index + 1).numFmt = 'dd/mm/yyyy';
      }
    }
    for (const range of merges) sheet.mergeCells(range);
  }
  return Buffer.from(await book.xlsx.writeBuffer());
}

const quoted = (text: string, delimiter: string): string =>
  text.includes(delimiter) || /["\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export const csvText = (rows: readonly (readonly string[])[], delimiter = ','): string =>
  rows.map((row) => row.map((text) => quoted(text, delimiter)).join(delimiter)).join('\r\n') + '\r\n';

export const date = (text: string): Date => new Date(`${text}T00:00:00Z`);

/** Mẫu 7-HSĐV as committees keep it: titles, a header over two rows, numbers of the columns, a total, a signature. */
export const committeeRegister: FileSheet = {
  name: 'Danh sách',
  rows: [
    ['ĐẢNG BỘ CÔNG TY CƠ KHÍ'],
    ['SỔ DANH SÁCH ĐẢNG VIÊN'],
    [],
    [
      'STT',
      'Họ và tên, tên khai sinh, ngày sinh',
      'Giới tính, dân tộc, tôn giáo',
      'Quê quán',
      'Trình độ học vấn',
      'Nghề nghiệp',
      'Ngày tháng năm',
      null,
      'Số thẻ đảng viên',
      'Chuyển sinh hoạt đảng',
      null,
      'Từ trần',
      'Ra khỏi Đảng',
      'Ghi chú',
      'Chi bộ',
    ],
    [null, null, null, null, null, null, 'Vào Đảng', 'Chính thức', null, 'Đến', 'Đi', null, null, null, null],
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [
      1,
      'NGUYỄN VĂN AN\nTên khai sinh: Nguyễn Văn Ân\n12/05/1975',
      'Nam, Kinh, Không',
      'Hà Nội',
      '12/12',
      'Kỹ sư',
      date('1998-02-03'),
      date('1999-02-03'),
      '52.000001',
      null,
      null,
      null,
      null,
      null,
      'Chi bộ Phân xưởng 1',
    ],
    [
      2,
      'Trần\u00a0Thị Bình (1980)'.normalize('NFD'),
      'Nữ, Kinh, Phật giáo',
      'Huế',
      '12/12',
      'Thợ hàn',
      '05/06/2005',
      38_874,
      '52000002',
      '15/3/2010, từ Đảng bộ Quận 1',
      null,
      null,
      null,
      null,
      'phan xuong 1',
    ],
    [],
    [
      3,
      'Lê Hữu Châu, sinh ngày 1/1/1950',
      'Nam',
      'Nghệ An',
      '10/10',
      '-',
      '3-2-1970',
      '3.2.1971',
      52_000_003,
      null,
      null,
      null,
      'Khai trừ ngày 20/11/2012',
      null,
      'CB02',
    ],
    [null, 'Tổng cộng: 3 đảng viên'],
    [null, null, null, null, null, null, null, null, null, null, 'TP. Hồ Chí Minh, ngày 3 tháng 2 năm 2014'],
    [null, 'Người lập biểu', null, null, null, null, null, null, null, null, 'T/M CHI BỘ'],
    [null, 'Phạm Văn Dũng'],
  ],
  merges: ['A1:O1', 'A2:O2', 'G4:H4', 'J4:K4', 'A4:A5', 'B4:B5', 'C4:C5', 'I4:I5', 'L4:L5', 'O4:O5'],
};

const header = ['Ho va ten', 'Nam sinh', 'Ngay vao Dang', 'Ngay chinh thuc', 'So the dang vien', 'Ton giao'];
/** A cell's own register: plain, without accents in the header, no cell named. */
export const cellRegister: readonly (readonly string[])[] = [
  header,
  ['Đặng Văn Hậu', '02/09/1969', '03/02/1995', '03/02/1996', '52.000010', 'Không'],
  ['Vũ Ngọc, Hà', '1988', '2014-05-19', '', '', 'Không'],
];
