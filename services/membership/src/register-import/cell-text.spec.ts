import { cellDay, dayWithin, excelDay } from './cell-day.ts';
import { exitReason, isFooter, isTotal, likeFormula, nameCell, said, sexIn } from './register-cells.ts';

describe('A date that is a number', () => {
  it.each([
    [0, undefined],
    [1, '1900-01-01'],
    [59, '1900-02-28'],
    [60, undefined],
    [61, '1900-03-01'],
    [41_778, '2014-05-19'],
    [41_778.99, '2014-05-19'],
    [2_958_465, '9999-12-31'],
    [2_958_466, undefined],
  ])('%p is %p', (serial, day) => expect(excelDay(serial)).toBe(day));

  it('is read as text too, but a year is none', () => {
    expect(cellDay('41778')).toBe('2014-05-19');
    expect(cellDay(' 41778.75 ')).toBe('2014-05-19');
    expect(cellDay('1975')).toBeUndefined();
    expect(cellDay('1975', true)).toBe('1975-01-01');
  });
});

describe('A day with words around', () => {
  it.each([
    ['15/3/2010, từ Đảng bộ Quận 1', '2010-03-15', 'từ Đảng bộ Quận 1'],
    ['Về Huế 2010-03-15', '2010-03-15', 'Về Huế'],
    ['Khai trừ ngày 15 tháng 3 năm 2010', '2010-03-15', 'Khai trừ'],
    ['chuyển 15.3.2010 và 1.4.2011', '2010-03-15', 'chuyển và 1.4.2011'],
    ['31/02/2010, Huế', undefined, 'Huế'],
    ['Quận 1', undefined, 'Quận 1'],
  ])('%p is %p', (text, day, words) => {
    const found = dayWithin(text);
    expect(found.day).toBe(day);
    expect(found.words.replace(/[\s,]+/g, ' ').trim()).toBe(words);
  });
});

describe('A name with more in its cell', () => {
  it.each([
    ['Nguyễn Văn An\nTên khai sinh: Nguyễn Văn Ân\n12/05/1975', 'Nguyễn Văn An', '1975-05-12'],
    ['Lê An - 1970', 'Lê An', '1970-01-01'],
    ['Lê An, sinh năm 1970', 'Lê An', '1970-01-01'],
    ['Lê An SN 1/2/1970', 'Lê An', '1970-02-01'],
    ['Lê An (2/1970)', 'Lê An', '1970-02-01'],
    ['\n\u00a0Lê\u00a0 An ', 'Lê An', undefined],
    ['Trần Thị Bình 8/3/1980'.normalize('NFD'), 'Trần Thị Bình', '1980-03-08'],
    ['', '', undefined],
  ])('%p is %p, born on %p', (text, name, birthDate) => expect(nameCell(text)).toMatchObject({ name, birthDate }));
});

describe('A cell', () => {
  it.each(['-', '–', '...', '0', 'không có', 'KO', '/', ' \u00a0', '\u200b'.repeat(2)])(
    'says nothing with %p',
    (text) => expect(said(text)).toBe(''),
  );

  it('says what it says on one line, in composed letters', () => {
    expect(said(' Kỹ\u00a0sư\n hàn '.normalize('NFD'))).toBe('Kỹ sư hàn');
    expect(said('00')).toBe('00');
  });

  it('looks like a formula only when a spreadsheet would take it for one', () => {
    for (const text of ['=1+1', '+cmd', '-x', '@SUM(A1)']) expect(likeFormula(text)).toBe(true);
    for (const text of ['-5', '+84 903.000,5', 'a=b', '']) expect(likeFormula(text)).toBe(false);
  });

  it('tells the sex also beside what is not looked at', () => {
    expect(sexIn('Nữ, Kinh, Phật giáo')).toBe('female');
    expect(sexIn('Kinh; nam')).toBe('male');
    expect(sexIn('Việt Nam học')).toBe('male');
    expect(sexIn('Namibia')).toBeUndefined();
    expect(sexIn('Vietnam')).toBeUndefined();
    expect(sexIn('Cao đài')).toBeUndefined();
  });

  it('tells why somebody left', () => {
    expect(exitReason('Khai trừ')).toBe('expelled');
    expect(exitReason('XOÁ TÊN')).toBe('removed');
    expect(exitReason('xin ra khỏi Đảng')).toBe('resigned');
    expect(exitReason('tự nguyện')).toBe('resigned');
    expect(exitReason('')).toBeUndefined();
  });

  it('is a total, or a signature', () => {
    for (const text of ['Tổng cộng: 3 đảng viên', 'Cộng: 12', 'TỔNG SỐ', 'Tổng cộng 1.200 người']) {
      expect(isTotal(text)).toBe(true);
    }
    for (const text of ['Tổng giám đốc công ty cổ phần xây lắp', 'Cộng Hòa 3b', 'Lê Công'])
      expect(isTotal(text)).toBe(false);
    for (const text of ['T/M CHI BỘ', 'Người lập biểu', 'Ngày 3 tháng 2 năm 2014', '(Ký tên)']) {
      expect(isFooter(text)).toBe(true);
    }
    expect(isFooter('Lê An')).toBe(false);
  });
});
