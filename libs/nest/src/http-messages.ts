import type { Language } from './language.ts';
import { defineMessages, fixed, inWords, type Messages, type Words } from './messages.ts';
import { textMessages } from './texts.ts';

const titles: Readonly<Record<number, Words>> = {
  400: fixed('Yêu cầu không đọc được', 'The request cannot be read'),
  403: fixed('Không được phép', 'Not allowed'),
  404: fixed('Không tìm thấy', 'Not found'),
  405: fixed('Phương thức không được phép', 'Method not allowed'),
  408: fixed('Yêu cầu gửi quá chậm', 'The request came too slowly'),
  409: fixed('Trái với điều đã ghi hoặc với quy định', 'Conflicts with what is recorded or with the rules'),
  412: fixed('Bản ghi không còn như đã xem', 'The record is not as it was seen'),
  413: fixed('Nội dung quá lớn', 'Body too large'),
  414: fixed('Địa chỉ quá dài', 'Address too long'),
  415: fixed('Kiểu nội dung không được hỗ trợ', 'Unsupported media type'),
  422: fixed('Nội dung không hợp lệ', 'The content is not acceptable'),
  431: fixed('Phần đầu của yêu cầu quá lớn', 'Request headers too large'),
  500: fixed('Lỗi của hệ thống', 'Fault of the server'),
  503: fixed('Tạm thời chưa phục vụ được', 'Unavailable for the moment'),
  507: fixed('Hết chỗ lưu trữ', 'Storage is full'),
};
const badRequest = fixed('Yêu cầu không hợp lệ', 'Bad request');

/** The title of every problem with this status. */
export const titleOf = (status: number, language: Language): string =>
  inWords(titles[status] ?? badRequest, language, {});

/** The revision of a stream without events. */
const NOTHING = -1;

/** What the edge itself refuses. */
const edge = defineMessages({
  'bad-request': fixed(
    'Không đọc được yêu cầu; hãy kiểm tra địa chỉ và các header.',
    'The request cannot be read; check its address and headers.',
  ),
  'malformed-json': fixed('Nội dung không phải JSON hợp lệ (UTF-8).', 'The body is not valid JSON in UTF-8.'),
  'not-from-here': fixed(
    'Máy chủ này chỉ phục vụ người dùng trên chính máy này.',
    'This server serves only people on this machine.',
  ),
  'no-such-route': fixed(
    'Không có địa chỉ này; xem các địa chỉ ở /docs.',
    'There is nothing at this address; /docs shows those that there are.',
  ),
  'method-not-allowed': {
    vi: ({ allowed }) => `Địa chỉ này chỉ nhận: ${allowed}.`,
    en: ({ allowed }) => `This address takes only: ${allowed}.`,
  },
  'request-timeout': fixed('Yêu cầu gửi quá chậm; hãy gửi lại.', 'The request came too slowly; send it again.'),
  'body-too-large': fixed(
    'Nội dung gửi lên vượt giới hạn; hãy chia thành nhiều lần gửi.',
    'The body is above the limit; send it in several parts.',
  ),
  'address-too-long': fixed('Địa chỉ quá dài; hãy rút ngắn.', 'The address is too long; shorten it.'),
  'headers-too-large': fixed(
    'Phần đầu (header) của yêu cầu quá lớn; hãy bỏ bớt.',
    'The headers of the request are too large; leave some out.',
  ),
  'unsupported-media-type': fixed(
    'Hãy gửi JSON với content-type: application/json (tệp: multipart/form-data).',
    'Send JSON with content-type: application/json (files: multipart/form-data).',
  ),
  'invalid-input': fixed('Dữ liệu gửi lên chưa đúng; hãy xem từng mục.', 'The input is not right; see each field.'),
  'revision-mismatch': {
    vi: ({ expected, actual }) =>
      actual === NOTHING
        ? `Chưa có bản ghi nào ở đây, nên không thể còn là bản ${expected}. Hãy xem lại địa chỉ, hoặc bỏ If-Match.`
        : `Bản ghi hiện là bản ${actual}, không phải bản ${expected}. Hãy xem lại rồi sửa.`,
    en: ({ expected, actual }) =>
      actual === NOTHING
        ? `There is no record here to be at revision ${expected}. Check the address, or leave If-Match out.`
        : `The record is at revision ${actual}, not at ${expected}. Look again, then change it.`,
  },
  'invalid-if-match': fixed(
    'If-Match phải là ETag đã nhận, ví dụ "3".',
    'If-Match must be an ETag as it was received, e.g. "3".',
  ),
  'if-match-unsupported': fixed(
    'Địa chỉ này ghi nhiều mục một lúc, không nhận If-Match.',
    'This address changes many things at once and takes no If-Match.',
  ),
  'invalid-idempotency-key': fixed(
    'Idempotency-Key phải gồm 1–255 ký tự ASCII nhìn thấy được.',
    'Idempotency-Key must be 1 to 255 visible ASCII characters.',
  ),
  'idempotency-key-reused': fixed(
    'Idempotency-Key này đã dùng cho một yêu cầu khác.',
    'This Idempotency-Key was used for another request.',
  ),
  'idempotency-key-unsupported': fixed(
    'Địa chỉ này nhận tệp nhưng không nhận Idempotency-Key.',
    'This address takes files, but no Idempotency-Key.',
  ),
  'invalid-position': fixed(
    'position phải là giá trị đã nhận từ một lệnh trước.',
    'position must be a value received from an earlier command.',
  ),
  'unknown-position': fixed(
    'Máy chủ này chưa ghi đến position đó; có lẽ nó thuộc thư mục dữ liệu khác. Hãy dùng position đã nhận từ máy chủ này.',
    'This server has recorded nothing at that position; it may belong to another data folder. Use one received from this server.',
  ),
  'invalid-cursor': fixed(
    'cursor phải là giá trị next của trang trước.',
    'cursor must be the next of the page before.',
  ),
  'not-caught-up': fixed(
    'Dữ liệu đang được cập nhật; hãy thử lại sau giây lát.',
    'The data is still being brought up to date; try again in a moment.',
  ),
  busy: fixed('Nhiều người đang ghi cùng lúc; hãy thử lại.', 'Many are writing here at once; try again.'),
  'store-unavailable': fixed(
    'Kho dữ liệu chưa trả lời, nên chưa biết yêu cầu đã được ghi hay chưa. Hãy gửi lại sau giây lát, với cùng Idempotency-Key.',
    'What keeps the data does not answer, so it is not known whether the request was recorded. Send it again in a moment, under the same Idempotency-Key.',
  ),
  'shutting-down': fixed('Máy chủ đang dừng; hãy thử lại sau.', 'The server is stopping; try again later.'),
  'storage-full': fixed(
    'Hết chỗ lưu trữ, chưa ghi gì. Hãy báo người quản trị dọn chỗ rồi gửi lại.',
    'Storage is full; nothing was recorded. Have room made, then send it again.',
  ),
  'storage-full-midway': fixed(
    'Hết chỗ lưu trữ; có thể mới ghi được một phần. Khi đã có chỗ, hãy gửi lại đúng yêu cầu này với cùng Idempotency-Key để ghi nốt phần còn lại.',
    'Storage is full; a part may be recorded. When there is room, send the same request again under the same Idempotency-Key to record the rest.',
  ),
  'key-not-destroyed': fixed(
    'Đã ghi việc xóa nhưng chưa hủy được khóa (hết chỗ lưu trữ, hoặc tệp khóa đang được đọc); hệ thống sẽ hủy khóa ngay khi có thể.',
    'The erasure is recorded, but the key could not be destroyed yet (storage is full, or someone reads the file of keys); it will be as soon as that is possible.',
  ),
  'person-erased': fixed('Dữ liệu của người này đã bị xóa.', "This person's data was erased."),
  'internal-error': fixed(
    'Máy chủ gặp lỗi; lỗi đã được ghi vào nhật ký máy chủ. Hãy báo người quản trị.',
    'The server failed; the fault is in its log. Tell whoever runs it.',
  ),
});

/** What may be wrong with a field. */
const fields = defineMessages({
  'body-missing': fixed(
    'Chưa có nội dung: hãy gửi một đối tượng JSON, ví dụ {"on":"2014-12-31"}.',
    'There is no body: send a JSON object, e.g. {"on":"2014-12-31"}.',
  ),
  required: fixed('Thiếu mục này.', 'This is missing.'),
  'unknown-field': fixed('Không có mục này.', 'There is no such field.'),
  'invalid-value': fixed('Giá trị không hợp lệ.', 'The value is not acceptable.'),
  'wrong-type': {
    vi: ({ expected }) => `Sai kiểu: cần ${typesInVietnamese[String(expected)] ?? expected}.`,
    en: ({ expected }) => `Wrong type: expected ${expected}.`,
  },
  'not-a-whole-number': fixed('Phải là số nguyên.', 'It must be a whole number.'),
  'not-one-of': {
    vi: ({ options }) => `Phải là một trong: ${options}.`,
    en: ({ options }) => `It must be one of: ${options}.`,
  },
  'too-small': { vi: ({ limit }) => `Ít nhất là ${limit}.`, en: ({ limit }) => `It must be at least ${limit}.` },
  'too-big': { vi: ({ limit }) => `Nhiều nhất là ${limit}.`, en: ({ limit }) => `It must be at most ${limit}.` },
  'not-above': { vi: ({ limit }) => `Phải lớn hơn ${limit}.`, en: ({ limit }) => `It must be more than ${limit}.` },
  'not-below': { vi: ({ limit }) => `Phải nhỏ hơn ${limit}.`, en: ({ limit }) => `It must be less than ${limit}.` },
  'too-short': {
    vi: ({ limit }) => (limit === 1 ? 'Không được để trống.' : `Cần ít nhất ${limit} ký tự.`),
    en: ({ limit }) => (limit === 1 ? 'It must not be empty.' : `It needs at least ${limit} characters.`),
  },
  'too-long': { vi: ({ limit }) => `Dài nhất ${limit} ký tự.`, en: ({ limit }) => `Longer than ${limit} characters.` },
  'too-few': { vi: ({ limit }) => `Cần ít nhất ${limit} mục.`, en: ({ limit }) => `It needs at least ${limit} items.` },
  'too-many': { vi: ({ limit }) => `Nhiều nhất ${limit} mục.`, en: ({ limit }) => `More than ${limit} items.` },
  'invalid-format': fixed('Viết không đúng dạng.', 'It is not written in the expected way.'),
  'invalid-day': fixed(
    'Phải là một ngày có thật, dạng YYYY-MM-DD, ví dụ 2014-12-31.',
    'It must be a real day, as YYYY-MM-DD, e.g. 2014-12-31.',
  ),
  'invalid-instant': fixed(
    'Phải là một thời điểm RFC 3339, ví dụ 2014-12-31T16:59:59Z.',
    'It must be an instant as in RFC 3339, e.g. 2014-12-31T16:59:59Z.',
  ),
  'invalid-id': fixed(
    'Mã định danh gồm 1–64 chữ không dấu, chữ số hoặc . _ ~ - và bắt đầu bằng chữ hay số.',
    'An id is 1 to 64 letters without accents, digits or . _ ~ - and begins with a letter or digit.',
  ),
  'control-character': fixed(
    'Nội dung có ký tự điều khiển hoặc ký tự Unicode hỏng.',
    'It holds a control character or broken Unicode.',
  ),
  'nested-too-deep': fixed('Các mục lồng nhau quá nhiều tầng.', 'It is nested too deep.'),
});

/** What may be wrong with a setting. */
const settings = defineMessages({
  'invalid-port': fixed(
    'Phải là số nguyên từ 0 đến 65535, ví dụ 3000 (0: cổng nào còn trống).',
    'It must be a whole number from 0 to 65535, e.g. 3000 (0: any free one).',
  ),
  'unknown-time-zone': fixed(
    'Không có múi giờ này; viết tên IANA, ví dụ Asia/Ho_Chi_Minh.',
    'There is no such time zone; write its IANA name, e.g. Asia/Ho_Chi_Minh.',
  ),
  'unreadable-file': fixed('Không đọc được tệp này.', 'This file cannot be read.'),
});

const typesInVietnamese: Readonly<Record<string, string>> = {
  string: 'chuỗi chữ',
  number: 'số',
  int: 'số nguyên',
  boolean: 'true hoặc false',
  array: 'danh sách',
  object: 'một nhóm mục (object)',
  record: 'một nhóm mục (object)',
};

export const httpMessages: Messages = { ...edge, ...fields, ...textMessages, ...settings };
