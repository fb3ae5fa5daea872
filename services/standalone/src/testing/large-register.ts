import ExcelJS from 'exceljs';

/** Members of a cell in a large register. */
export const CELL_ROWS = 100;
const HEADER = [
  ...['STT', 'Họ và tên', 'Giới tính, dân tộc, tôn giáo', 'Ngày sinh', 'Quê quán', 'Trình độ học vấn', 'Nghề nghiệp'],
  ...['Chuyên môn', 'Ngày vào Đảng', 'Ngày chính thức', 'Số thẻ đảng viên', 'Chuyển sinh hoạt đến'],
  ...['Chuyển sinh hoạt đi', 'Từ trần', 'Ra khỏi Đảng', 'Phòng ban', 'Nơi ở hiện nay', 'Chi bộ'],
];
const DATES = [HEADER.indexOf('Ngày vào Đảng'), HEADER.indexOf('Ngày chính thức')];

const FAMILY = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Võ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ', 'Ngô'];
const MIDDLE = ['Văn', 'Thị', 'Hữu', 'Đức', 'Ngọc', 'Minh', 'Thanh', 'Quốc', 'Xuân', 'Thu', 'Kim'];
const GIVEN = ['An', 'Bình', 'Châu', 'Dũng', 'Giang', 'Hà', 'Hải', 'Hạnh', 'Hoa', 'Hùng', 'Khánh', 'Lan', 'Quỳnh'];
const JOBS = ['Kỹ sư', 'Thợ hàn', 'Kế toán', 'Giáo viên', 'Bác sĩ', 'Lái xe', 'Công nhân vận hành', 'Chuyên viên'];
const PLACES = ['Hà Nội', 'Huế', 'Nghệ An', 'Cần Thơ', 'Đồng Tháp', 'Quảng Nam', 'Bến Tre', 'Thái Bình'];

const of = (words: readonly string[], index: number): string => words[index % words.length] ?? '';
const date = (day: number, month: number, year: number): string =>
  `${String(day).padStart(2, '0')}/${String(month).padStart(2, '0')}/${year}`;

function memberRow(index: number): readonly string[] {
  const [year, month, day] = [1950 + (index % 40), 1 + (index % 12), 1 + (index % 28)];
  const admitted = year + 20 + (index % 3);
  return [
    String(index + 1),
    `${of(FAMILY, index)} ${of(MIDDLE, index * 7)} ${of(GIVEN, index * 5)}`,
    index % 2 === 0 ? 'Nữ, Kinh, Phật giáo' : 'Nam, Kinh, Không',
    date(day, month, year),
    `Xã ${index % 300}, huyện ${index % 40}, ${of(PLACES, index)}`,
    ...['12/12', of(JOBS, index), `Đại học khóa ${index % 50}`],
    ...[date(day, month, admitted), date(day, month, admitted + 1)],
    `52.${String(index).padStart(6, '0')}`,
    ...['', '', '', ''],
    ...[`Phòng Kỹ thuật ${index % 30}`, `${index % 500} đường Lê Lợi, phường ${index % 20}`, cellName(index)],
  ];
}

const cellName = (index: number): string => `Chi bộ số ${1 + Math.floor(index / CELL_ROWS)}`;

/** A committee's register as rows of text: titles, a header, so many members in the order of their cells, a total. */
export const largeRegister = (members: number): readonly (readonly string[])[] => [
  ['SỔ DANH SÁCH ĐẢNG VIÊN'],
  [],
  HEADER,
  ...Array.from({ length: members }, (_, index) => memberRow(index)),
  ['', `Tổng cộng: ${members} đảng viên`],
];

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const asCsv = (rows: readonly (readonly string[])[]): Buffer =>
  Buffer.from(rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join(''));

/** With dates where committees have them. */
export async function asXlsx(rows: readonly (readonly string[])[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('Danh sách');
  for (const texts of rows) {
    const row = sheet.addRow(texts.map((text) => (text === '' ? null : text)));
    for (const column of DATES) {
      const [, day, month, year] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(texts[column] ?? '') ?? [];
      if (year === undefined) continue;
      const cell = row.getCell(column + 1);
      cell.value = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
      cell.numFmt = 'dd/mm/yyyy';
    }
  }
  return Buffer.from(await book.xlsx.writeBuffer());
}
