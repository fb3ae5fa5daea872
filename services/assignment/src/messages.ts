import { Day, type RefusalFacts } from '@phancong/event-sourcing';
import { defineMessages } from '@phancong/nest';
import { formatDay } from '@phancong/vietnamese';
import { Mismatch } from './placement.ts';

/** As Vietnamese people write it; in English the day is written as in the interface, YYYY-MM-DD. */
const day = (fact: string | number | undefined): string => formatDay(Day.parse(fact));

const mismatchVi: Readonly<Record<Mismatch, string>> = {
  elsewhere: 'đối tượng thuộc tổ chức khác',
  'other-work-unit': 'đảng viên không cùng phân xưởng, tổ đội hoặc khoa',
  'expertise-unknown': 'chưa có chuyên môn của đảng viên',
  'not-official': 'đảng viên chưa chính thức',
  'not-core': 'đối tượng đông người cần đảng viên nòng cốt trong đoàn thể',
};
const mismatchEn: Readonly<Record<Mismatch, string>> = {
  elsewhere: 'the group belongs to another organisation',
  'other-work-unit': 'the member is not of that work unit',
  'expertise-unknown': 'the member’s expertise is not known',
  'not-official': 'the member is not official yet',
  'not-core': 'so many people need a member in the core of a mass organisation',
};
const listed = (words: Readonly<Record<Mismatch, string>>, facts: RefusalFacts): string =>
  String(facts['mismatches'])
    .split(', ')
    .map((mismatch) => words[Mismatch.parse(mismatch)])
    .join('; ');

/** What an entry is called when another one conflicts with it. */
const entries: Readonly<Record<string, { readonly vi: string; readonly en: string }>> = {
  RegistrationMade: { vi: 'đăng ký', en: 'the registration' },
  AssignmentMade: { vi: 'phân công', en: 'the assignment' },
  AssignmentCorrected: { vi: 'bản đính chính phân công', en: 'the correction of the assignment' },
  AssignmentContentChanged: { vi: 'thay đổi nội dung', en: 'the change of content' },
  AssignmentSuspended: { vi: 'tạm dừng', en: 'the suspension' },
  AssignmentResumed: { vi: 'tiếp tục', en: 'the resumption' },
  AssignmentEnded: { vi: 'kết thúc', en: 'the end' },
  AssignmentHandedOver: { vi: 'bàn giao', en: 'the hand-over' },
  GroupRecounted: { vi: 'thống kê lại đối tượng', en: 'the recount of the group' },
  GroupClosed: { vi: 'kết thúc đối tượng', en: 'the closing of the group' },
};
const entry = (type: string | number | undefined, language: 'vi' | 'en') => entries[String(type)]?.[language] ?? type;

/** Why a command was refused, in words; by code. */
export const messages = defineMessages({
  'already-exists': {
    vi: ({ id }) => `Mã định danh ${id} đã được dùng.`,
    en: ({ id }) => `The id ${id} is in use already.`,
  },
  'group-code-taken': {
    vi: ({ code }) => `Mã ${code} đã thuộc về một đối tượng vận động khác.`,
    en: ({ code }) => `The code ${code} belongs to another group.`,
  },
  'group-not-found': {
    vi: ({ id }) => `Không tìm thấy đối tượng vận động ${id}.`,
    en: ({ id }) => `There is no group ${id}.`,
  },
  'group-not-open': {
    vi: ({ on }) => `Đối tượng vận động chưa có hoặc đã kết thúc vào ngày ${day(on)}.`,
    en: ({ on }) => `The group is not open on ${on}.`,
  },
  'group-closed': {
    vi: ({ on }) => `Đối tượng vận động đã kết thúc từ ngày ${day(on)}.`,
    en: ({ on }) => `The group was closed on ${on}.`,
  },
  'organisation-not-found': {
    vi: ({ id }) => `Không tìm thấy tổ chức đảng ${id}.`,
    en: ({ id }) => `There is no organisation ${id}.`,
  },
  'organisation-not-there': {
    vi: ({ on }) => `Tổ chức đảng chưa thành lập hoặc đã kết thúc hoạt động vào ngày ${day(on)}.`,
    en: ({ on }) => `The organisation is not there on ${on}.`,
  },
  'member-not-found': {
    vi: ({ id }) => `Không tìm thấy đảng viên ${id}.`,
    en: ({ id }) => `There is no member ${id}.`,
  },
  'member-not-in-cell': {
    vi: ({ on }) => `Đảng viên không sinh hoạt ở chi bộ nào vào ngày ${day(on)}.`,
    en: ({ on }) => `The member is in no cell on ${on}.`,
  },
  'member-moved': {
    vi: ({ on }) => `Đảng viên đã chuyển khỏi nơi của đối tượng vận động từ ngày ${day(on)}.`,
    en: ({ on }) => `The member moved away from the group’s place on ${on}.`,
  },
  mismatch: {
    vi: (facts) =>
      `Phân công chưa phù hợp: ${listed(mismatchVi, facts)}. Nếu vẫn phân công, hãy nêu lý do ở override.reason.`,
    en: (facts) =>
      `The policy advises against it: ${listed(mismatchEn, facts)}. To assign all the same, give a reason in override.reason.`,
  },
  'already-assigned': {
    vi: ({ on }) => `Đảng viên đã được phân công đối tượng này vào ngày ${day(on)}.`,
    en: ({ on }) => `The member is assigned to this group already on ${on}.`,
  },
  'too-many-assignments': {
    vi: ({ max, on }) => `Vào ngày ${day(on)} đảng viên đã nhận đủ ${max} phân công.`,
    en: ({ max, on }) => `On ${on} the member has all of ${max} assignments.`,
  },
  'already-registered': {
    vi: ({ on }) => `Đảng viên đã đăng ký đối tượng này ngày ${day(on)} và đang chờ duyệt.`,
    en: ({ on }) => `The member registered for this group on ${on} and waits for the answer.`,
  },
  'registration-not-found': {
    vi: ({ id }) => `Không tìm thấy đăng ký ${id}.`,
    en: ({ id }) => `There is no registration ${id}.`,
  },
  'registration-not-pending': {
    vi: () => 'Đăng ký này đã được trả lời.',
    en: () => 'This registration has been answered.',
  },
  'before-registration': {
    vi: ({ on }) => `Không thể trả lời trước ngày đăng ký ${day(on)}.`,
    en: ({ on }) => `It cannot be answered before ${on}, when it was made.`,
  },
  'assignment-not-found': {
    vi: ({ id }) => `Không tìm thấy phân công ${id} của đảng viên.`,
    en: ({ id }) => `The member has no assignment ${id}.`,
  },
  'assignment-not-active': {
    vi: ({ on, from, until }) =>
      until === undefined
        ? `Phân công không có hiệu lực vào ngày ${day(on)}: bắt đầu từ ngày ${day(from)}, trừ những lúc tạm dừng.`
        : `Phân công không có hiệu lực vào ngày ${day(on)}: bắt đầu từ ngày ${day(from)}, kết thúc ngày ${day(until)}.`,
    en: ({ on, from, until }) =>
      until === undefined
        ? `The assignment is not active on ${on}: it runs from ${from}, except while suspended.`
        : `The assignment is not active on ${on}: it ran from ${from} and ended on ${until}.`,
  },
  'already-suspended': {
    vi: ({ on }) => `Phân công đang tạm dừng trong thời gian từ ngày ${day(on)}.`,
    en: ({ on }) => `The assignment is suspended already in the time from ${on}.`,
  },
  'not-suspended': {
    vi: ({ on }) => `Phân công không tạm dừng vào ngày ${day(on)}.`,
    en: ({ on }) => `The assignment is not suspended on ${on}.`,
  },
  'hand-over-to-oneself': {
    vi: () => 'Không thể bàn giao phân công cho chính mình.',
    en: () => 'An assignment cannot be handed over to oneself.',
  },
  'ends-before-it-begins': {
    vi: ({ from, until }) => `Ngày kết thúc ${day(until)} phải sau ngày bắt đầu ${day(from)}.`,
    en: ({ from, until }) => `It would end on ${until}, not after its first day, ${from}.`,
  },
  'conflicts-with-later-entry': {
    vi: ({ type, occurredAt }) => `Mâu thuẫn với ${entry(type, 'vi')} đã ghi ngày ${day(occurredAt)}.`,
    en: ({ type, occurredAt }) => `It conflicts with ${entry(type, 'en')} on ${occurredAt}, which is recorded already.`,
  },
});
