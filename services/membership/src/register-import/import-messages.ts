import { Day, type RefusalFacts } from '@phancong/event-sourcing';
import { defineMessages, type Words } from '@phancong/nest';
import { formatDay } from '@phancong/vietnamese';

const DAY_NAMES: Readonly<Record<string, { readonly vi: string; readonly en: string }>> = {
  birthDate: { vi: 'ngày sinh', en: 'the birth date' },
  admittedOn: { vi: 'ngày vào Đảng', en: 'the date admitted' },
  officialOn: { vi: 'ngày chính thức', en: 'the date of becoming official' },
  transferredIn: { vi: 'ngày chuyển đến', en: 'the date of transfer in' },
  transferredOut: { vi: 'ngày chuyển đi', en: 'the date of transfer out' },
  died: { vi: 'ngày từ trần', en: 'the date of death' },
  exited: { vi: 'ngày ra khỏi Đảng', en: 'the date of leaving' },
};
const dayName = (field: string | number | undefined) =>
  DAY_NAMES[String(field)] ?? { vi: 'ngày khác', en: 'another day' };

const placeOf = ({ row, sheet }: RefusalFacts) => ({
  vi: `dòng ${row}${sheet ? ` trang “${sheet}”` : ''}`,
  en: `row ${row}${sheet ? ` of the sheet “${sheet}”` : ''}`,
});

const day = (fact: string | number | undefined): string => formatDay(Day.parse(fact));

/** How a member who was imported into a wrong cell is put right. */
const REPAIR = {
  vi: 'nếu lần nhập trước nhầm chi bộ, hãy đính chính chi bộ trong hồ sơ (lệnh correct với cell, from, reason).',
  en: 'if an earlier import took the wrong cell, correct the cell of the member (correct with cell, from, reason).',
};

/** What came of an import in one sentence; of its counts and whether it was a dry run (`tried`: 1). */
export const importSummary: Words = {
  vi: ({ tried, fresh, changed, unchanged, rejected, rows }) => {
    const counts = `hập mới ${fresh}, thay đổi ${changed}, không đổi ${unchanged}, không nhập được ${rejected}, trong ${rows} dòng.`;
    return tried ? `Kiểm tra thử, chưa ghi gì vào dữ liệu. Nếu nhập: n${counts}` : `N${counts}`;
  },
  en: ({ tried, fresh, changed, unchanged, rejected, rows }) =>
    `${tried ? 'A dry run: nothing was recorded. An import would give: ' : ''}${fresh} new, ${changed} changed, ${unchanged} unchanged, ${rejected} rejected, of ${rows} rows.`,
};

/** What is wrong with a file, a row or a cell of an import, in words. */
export const importMessages = defineMessages({
  'file-missing': {
    vi: () => 'Chưa có tệp: gửi tệp XLSX hoặc CSV trong trường “file”.',
    en: () => 'There is no file: send an XLSX or CSV file in the field “file”.',
  },
  'file-empty': { vi: () => 'Tệp rỗng.', en: () => 'The file is empty.' },
  'file-too-large': {
    vi: () => 'Tệp quá lớn, hoặc giải nén ra quá lớn.',
    en: () => 'The file is too large, or would be when unpacked.',
  },
  'file-too-many-rows': {
    vi: ({ limit }) => `Tệp có quá nhiều dòng (tối đa ${limit}): hãy chia thành nhiều tệp.`,
    en: ({ limit }) => `The file has too many rows (at most ${limit}): split it.`,
  },
  'file-broken': {
    vi: () => 'Tệp bị hỏng hoặc không đầy đủ: hãy lưu lại từ Excel rồi gửi lại.',
    en: () => 'The file is damaged or incomplete: save it again and retry.',
  },
  'file-encrypted': {
    vi: () => 'Tệp có mật khẩu: hãy bỏ mật khẩu rồi gửi lại.',
    en: () => 'The file is protected by a password: remove it and retry.',
  },
  'file-old-excel': {
    vi: () => 'Tệp Excel đời cũ (.xls) hoặc có mật khẩu: hãy lưu dưới dạng .xlsx, không mật khẩu.',
    en: () => 'An old Excel file (.xls), or one with a password: save it as .xlsx without a password.',
  },
  'file-not-a-register': {
    vi: () => 'Không phải tệp XLSX hoặc CSV.',
    en: () => 'This is neither an XLSX nor a CSV file.',
  },
  'file-legacy-encoding': {
    vi: () => 'Tệp dùng bảng mã cũ (TCVN3, VNI, Windows-1258…): hãy chuyển sang Unicode và lưu dưới dạng UTF-8.',
    en: () => 'The text is in an old encoding (TCVN3, VNI, Windows-1258 …): convert it to Unicode and save as UTF-8.',
  },
  'file-without-register': {
    vi: () => 'Không tìm thấy dòng tiêu đề có “Họ và tên” cùng ngày sinh, ngày vào Đảng hoặc số thẻ.',
    en: () => 'There is no header with “Họ và tên” and a birth date, date admitted or card number.',
  },
  'name-missing': { vi: () => 'Thiếu họ và tên.', en: () => 'The name is missing.' },
  'name-invalid': {
    vi: () => 'Họ và tên có ký tự không hợp lệ.',
    en: () => 'The name has characters that no name has.',
  },
  'day-invalid': {
    vi: () => 'Không đọc được ngày, hoặc không có ngày này: viết dd/mm/yyyy.',
    en: () => 'This is no date, or one that never was: write dd/mm/yyyy.',
  },
  'day-missing': { vi: () => 'Thiếu ngày vào Đảng.', en: () => 'The date admitted is missing.' },
  'cell-error': { vi: () => 'Ô có lỗi công thức.', en: () => 'The cell holds the error of a formula.' },
  'text-too-long': {
    vi: ({ limit }) => `Nội dung quá dài (tối đa ${limit} ký tự).`,
    en: ({ limit }) => `The text is too long (at most ${limit} characters).`,
  },
  'days-out-of-order': {
    vi: ({ other }) => `Ngày này mâu thuẫn với ${dayName(other).vi} trên cùng dòng: xem lại cả hai ngày.`,
    en: ({ other }) => `This day contradicts ${dayName(other).en} of the same row: check both.`,
  },
  'two-leavings': {
    vi: () => 'Đảng viên chỉ có thể rời đi một lần: chuyển đi, từ trần hoặc ra khỏi Đảng.',
    en: () => 'A member leaves once: transferred out, died, or left.',
  },
  'cell-missing': { vi: () => 'Dòng không ghi chi bộ nào.', en: () => 'The row names no cell.' },
  'cell-unknown': {
    vi: () => 'Không có chi bộ này trong tổ chức đã chọn.',
    en: () => 'The organisation has no cell of this name or code.',
  },
  'cell-ambiguous': {
    vi: () => 'Có nhiều chi bộ cùng tên: hãy ghi mã chi bộ.',
    en: () => 'Several cells have this name: write the code.',
  },
  'title-of-another-cell': {
    vi: () => 'Tên sổ, tên trang hoặc dòng phía trên ghi một chi bộ khác với chi bộ đã chọn: hãy nhập vào đúng chi bộ.',
    en: () => 'A title, sheet or line above names another cell than the one chosen: import it there.',
  },
  'member-ambiguous': {
    vi: () => 'Có nhiều đảng viên cùng họ tên, ngày sinh và ngày vào Đảng: hãy ghi số thẻ.',
    en: () => 'Several members have this name, birth date and date admitted: write the card number.',
  },
  'card-of-another': {
    vi: () => 'Số thẻ này là của một đảng viên khác.',
    en: () => 'This is the card number of another member.',
  },
  'card-under-another-name': {
    vi: () =>
      'Số thẻ này đã ghi cho người có họ tên khác; thiếu ngày sinh nên không rõ có phải cùng một người: hãy ghi đủ ngày sinh.',
    en: () =>
      'This card is recorded under another name, and without birth dates it is not clear whether it is the same person.',
  },
  'card-written-otherwise': {
    vi: () =>
      'Số thẻ này chỉ khác cách viết (dấu chấm, dấu cách) so với số thẻ đã lưu của một người khác: hãy viết đúng như đã lưu.',
    en: () => 'Somebody has a card with these figures, written with other signs: write it as it is recorded.',
  },
  'namesake-without-birth-date': {
    vi: () =>
      'Đã có đảng viên cùng họ tên và ngày vào Đảng, nhưng thiếu ngày sinh nên không rõ có phải cùng một người: hãy ghi số thẻ như đã lưu, hoặc bổ sung ngày sinh ở cả hai nơi.',
    en: () =>
      'A member of this name and date admitted is recorded, and without birth dates it is not clear whether it is the same person: write the card number as it is recorded, or complete both birth dates.',
  },
  'namesake-in-another-row': {
    vi: (facts) =>
      `Ở ${placeOf(facts).vi} có người cùng họ tên và ngày vào Đảng, nhưng thiếu ngày sinh nên không rõ có phải cùng một người: hãy ghi ngày sinh hoặc số thẻ.`,
    en: (facts) =>
      `Somebody of this name and date admitted stands in ${placeOf(facts).en}, and without birth dates it is not clear whether it is the same person: write the birth dates or card numbers.`,
  },
  'duplicate-row': {
    vi: (facts) => `Đảng viên này đã có ở ${placeOf(facts).vi}.`,
    en: (facts) => `This member already stands in ${placeOf(facts).en}.`,
  },
  'card-in-another-row': {
    vi: (facts) => `Số thẻ này đã có ở ${placeOf(facts).vi}, với họ tên khác: xem lại cả hai dòng.`,
    en: (facts) => `This card number already stands in ${placeOf(facts).en}, with another name: check both rows.`,
  },
  'also-in-another-row': {
    vi: (facts) =>
      `Ở ${placeOf(facts).vi} cũng có đảng viên này: không sửa họ tên, ngày sinh, số thẻ hay ngày vào Đảng khi chưa rõ dòng nào đúng.`,
    en: (facts) =>
      `This member also stands in ${placeOf(facts).en}: name, birth date, card and date admitted stay until it is clear which is right.`,
  },
  'day-in-future': { vi: () => 'Ngày này chưa đến.', en: () => 'This day has not come yet.' },
  'left-before-cell-began': {
    vi: ({ from }) => `Đảng viên đã rời đi khi chi bộ chưa thành lập, hoặc đúng ngày thành lập (${day(from)}).`,
    en: ({ from }) => `The member left before the cell began, or on that very day (${from}).`,
  },
  'left-on-day-of-coming': {
    vi: () => 'Đảng viên không thể rời đi ngay ngày đến: xem lại ngày rời đi và ngày chuyển đến.',
    en: () => 'A member cannot leave on the very day of coming: check both days.',
  },
  'member-has-left': {
    vi: () => 'Theo dữ liệu, đảng viên này đã rời đi; sổ không ghi ngày rời đi.',
    en: () => 'This member is recorded as having left, which the register does not say.',
  },
  'member-left-otherwise': {
    vi: () => 'Theo dữ liệu, đảng viên này rời đi ngày khác.',
    en: () => 'This member is recorded as having left on another day.',
  },
  'member-in-another-cell': {
    vi: ({ cell }) => `Theo dữ liệu, đảng viên này ở “${cell}”: nếu đã chuyển, hãy ghi ngày chuyển đến; ${REPAIR.vi}`,
    en: ({ cell }) => `This member is recorded in “${cell}”: after a transfer, write its day; ${REPAIR.en}`,
  },
  'transfer-before-stay': {
    vi: ({ cell, from }) =>
      `Theo dữ liệu, đảng viên này ở “${cell}” từ ${day(from)}: ngày chuyển đến phải sau ngày đó; ${REPAIR.vi}`,
    en: ({ cell, from }) =>
      `This member is recorded in “${cell}” from ${from}: a transfer comes after that day; ${REPAIR.en}`,
  },
  'birth-date-partial': {
    vi: () => 'Chỉ có năm (hoặc tháng) sinh: nếu chưa có ngày sinh khớp thì ghi ngày đầu của năm (tháng) đó.',
    en: () => 'Only the year (or month) of birth is given: its first day is taken, unless a day of it is recorded.',
  },
  'formula-text': {
    vi: () => 'Nội dung giống công thức được giữ như chữ thường; kiểm tra lại.',
    en: () => 'What looks like a formula is kept as plain text: check it.',
  },
  'leaving-reason-assumed': {
    vi: () => 'Không ghi rõ lý do ra khỏi Đảng: ghi là xóa tên.',
    en: () => 'The reason for leaving is not given: “removed” was taken.',
  },
  'probation-overdue': {
    vi: () =>
      'Vào Đảng đã hơn hai năm mà không có ngày chính thức: ghi là đảng viên dự bị; hãy bổ sung nếu đã chính thức.',
    en: () => 'Admitted over two years before, never official: recorded as on probation; complete it if it ended.',
  },
  'title-unknown': {
    vi: () =>
      'Tên sổ, tên trang hoặc dòng phía trên ghi một chi bộ không có trong tổ chức đã chọn: kiểm tra sổ này có đúng của chi bộ được nhập không.',
    en: () => 'A title, sheet or line above names a cell that the organisation has not: check whose register it is.',
  },
});
