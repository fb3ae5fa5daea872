import { Day } from '@phancong/event-sourcing';
import { defineMessages } from '@phancong/nest';
import { formatDay } from '@phancong/vietnamese';
import { importMessages } from './register-import/import-messages.ts';

/** As Vietnamese people write it; in English the day is written as in the interface, YYYY-MM-DD. */
const day = (fact: string | number | undefined): string => formatDay(Day.parse(fact));

/** Nothing when there is none. */
const count = (of: string | number | undefined, one: string, many = one): readonly string[] =>
  Number(of) === 0 ? [] : [`${of} ${Number(of) === 1 ? one : many}`];

const entries: Readonly<Record<string, { readonly vi: string; readonly en: string }>> = {
  OrganisationRegistered: { vi: 'thành lập tổ chức', en: 'registration of an organisation' },
  OrganisationRenamed: { vi: 'đổi tên tổ chức', en: 'renaming of the organisation' },
  OrganisationMoved: { vi: 'chuyển tổ chức', en: 'move of an organisation' },
  OrganisationMerged: { vi: 'sáp nhập tổ chức', en: 'merger of an organisation' },
  OrganisationDissolved: { vi: 'giải thể tổ chức', en: 'dissolution of an organisation' },
  MemberAdmitted: { vi: 'kết nạp', en: 'admission' },
  MemberTransferred: { vi: 'chuyển sinh hoạt', en: 'transfer' },
  MemberOfficialised: { vi: 'công nhận chính thức', en: 'becoming official' },
  MemberExempted: { vi: 'miễn công tác', en: 'exemption' },
  MemberExemptionEnded: { vi: 'thôi miễn công tác', en: 'end of an exemption' },
  MemberLeft: { vi: 'ra khỏi tổ chức', en: 'leaving' },
  MemberCorrected: { vi: 'đính chính', en: 'correction' },
  CandidateTrained: { vi: 'bồi dưỡng', en: 'training' },
  CandidateWithdrawn: { vi: 'thôi giới thiệu', en: 'withdrawal' },
};
const entry = (type: string | number | undefined, language: 'vi' | 'en') => entries[String(type)]?.[language] ?? type;

/** Why a command was refused, in words; by code. */
export const messages = defineMessages({
  ...importMessages,
  'already-exists': {
    vi: ({ id }) => `Mã định danh ${id} đã được dùng.`,
    en: ({ id }) => `The id ${id} is in use already.`,
  },
  'conflicts-with-later-entry': {
    vi: ({ type, occurredAt }) => `Mâu thuẫn với nội dung đã ghi: ${entry(type, 'vi')} ngày ${day(occurredAt)}.`,
    en: ({ type, occurredAt }) => `It contradicts what is recorded: ${entry(type, 'en')} on ${occurredAt}.`,
  },
  'ends-before-it-begins': {
    vi: ({ from, until }) => `Ngày kết thúc ${day(until)} phải sau ngày bắt đầu ${day(from)}.`,
    en: ({ from, until }) => `It would end on ${until}, not after its first day, ${from}.`,
  },

  'day-in-future': {
    vi: ({ on, today }) =>
      on === undefined ? 'Ngày này chưa đến.' : `Ngày ${day(on)} chưa đến; hôm nay là ${day(today)}.`,
    en: ({ on, today }) =>
      on === undefined ? 'This day has not come yet.' : `${on} has not come yet; today is ${today}.`,
  },
  'organisation-not-found': {
    vi: ({ organisation }) => `Không tìm thấy tổ chức ${organisation}.`,
    en: ({ organisation }) => `There is no organisation ${organisation}.`,
  },
  'organisation-code-taken': {
    vi: ({ code }) => `Mã ${code} đã thuộc về một tổ chức khác.`,
    en: ({ code }) => `The code ${code} belongs to another organisation.`,
  },
  'before-organisation-began': {
    vi: ({ organisation, from }) =>
      `Tổ chức ${organisation} thành lập ngày ${day(from)}; ngày ghi không được trước ngày đó.`,
    en: ({ organisation, from }) => `The organisation ${organisation} began on ${from}; this is too early.`,
  },
  'organisation-closed': {
    vi: ({ organisation, on }) => `Tổ chức ${organisation} đã giải thể hoặc sáp nhập từ ngày ${day(on)}.`,
    en: ({ organisation, on }) => `The organisation ${organisation} was dissolved or merged on ${on}.`,
  },
  'organisation-cycle': {
    vi: ({ organisation, under }) => `Tổ chức ${organisation} không thể trực thuộc ${under}, vì ${under} nằm dưới nó.`,
    en: ({ organisation, under }) => `${organisation} cannot stand under ${under}, which is below it.`,
  },
  'organisation-not-empty': {
    vi: ({ parts, members }) => {
      const left = [...count(parts, 'tổ chức trực thuộc'), ...count(members, 'đảng viên')];
      return `Tổ chức còn ${left.join(' và ')}.`;
    },
    en: ({ parts, members }) => {
      const left = [...count(parts, 'part', 'parts'), ...count(members, 'member', 'members')];
      return `The organisation still has ${left.join(' and ')}.`;
    },
  },
  'kind-does-not-nest': {
    vi: () => 'Cấp tổ chức này không thể trực thuộc cấp đó.',
    en: ({ kind, parent }) => `A ${kind} cannot be a part of a ${parent}.`,
  },
  'merges-only-within-a-kind': {
    vi: () => 'Chỉ sáp nhập được các tổ chức cùng cấp.',
    en: ({ kind, into }) => `A ${kind} cannot be merged into a ${into}.`,
  },
  'not-a-cell': {
    vi: ({ organisation }) => `Tổ chức ${organisation} không phải là chi bộ.`,
    en: ({ organisation }) => `The organisation ${organisation} is not a cell.`,
  },

  'member-not-found': {
    vi: () => 'Không tìm thấy đảng viên này.',
    en: () => 'There is no such member.',
  },
  'member-code-taken': {
    vi: ({ code }) => `Mã đảng viên ${code} đã thuộc về người khác.`,
    en: ({ code }) => `The code ${code} belongs to another member.`,
  },
  'member-erased': {
    vi: () => 'Dữ liệu cá nhân của đảng viên này đã bị xóa; không ghi thêm được.',
    en: () => 'The personal data of this member were erased; nothing more can be recorded.',
  },
  'member-left': {
    vi: ({ on }) => `Đảng viên đã ra khỏi tổ chức từ ngày ${day(on)}.`,
    en: ({ on }) => `The member left on ${on}.`,
  },
  'before-admission': {
    vi: ({ on, from }) => `Ngày ${day(on)} quá sớm: ngày vào chi bộ hoặc kết nạp là ${day(from)}.`,
    en: ({ on, from }) => `${on} is too early: admission, or the first day in the cell, is ${from}.`,
  },
  'admitted-before-birth': {
    vi: ({ on }) => `Ngày kết nạp ${day(on)} không được trước ngày sinh.`,
    en: ({ on }) => `The day of admission, ${on}, lies before birth.`,
  },
  'probationary-with-official-day': {
    vi: () => 'Đảng viên dự bị chưa có ngày chính thức.',
    en: () => 'A probationary member has no day of becoming official.',
  },
  'official-not-after-admission': {
    vi: ({ officialOn, admittedOn }) => `Ngày chính thức ${day(officialOn)} phải sau ngày kết nạp ${day(admittedOn)}.`,
    en: ({ officialOn, admittedOn }) =>
      `The day of becoming official, ${officialOn}, is not after that of admission, ${admittedOn}.`,
  },
  'already-official': {
    vi: () => 'Đảng viên này đã là đảng viên chính thức.',
    en: () => 'The member is official already.',
  },
  'already-exempt': {
    vi: ({ from }) => `Đảng viên đang được miễn công tác từ ngày ${day(from)}.`,
    en: ({ from }) => `The member is exempt since ${from}.`,
  },
  'not-exempt': {
    vi: ({ on }) => `Ngày ${day(on)} đảng viên không được miễn công tác.`,
    en: ({ on }) => `The member is not exempt on ${on}.`,
  },
  'own-successor': {
    vi: () => 'Đảng viên không thể tự thay thế mình.',
    en: () => 'Nobody can be their own successor.',
  },

  'candidate-not-found': {
    vi: () => 'Không tìm thấy quần chúng ưu tú này.',
    en: () => 'There is no such candidate.',
  },
  'introducer-not-found': {
    vi: ({ member }) => `Không tìm thấy đảng viên giới thiệu ${member}.`,
    en: ({ member }) => `There is no member ${member} to introduce the candidate.`,
  },
  'introducer-not-a-member': {
    vi: ({ on }) => `Ngày ${day(on)} người giới thiệu không sinh hoạt ở chi bộ nào.`,
    en: ({ on }) => `Who introduces was in no cell on ${on}.`,
  },
  'consent-after-introduction': {
    vi: ({ consentOn, on }) => `Ngày đồng ý ${day(consentOn)} không được sau ngày giới thiệu ${day(on)}.`,
    en: ({ consentOn, on }) => `Consent of ${consentOn} comes after the introduction of ${on}.`,
  },
  'before-introduction': {
    vi: ({ introducedOn }) =>
      `Quần chúng được giới thiệu ngày ${day(introducedOn)}; ngày ghi không được trước ngày đó.`,
    en: ({ introducedOn }) => `The candidate was introduced on ${introducedOn}; this is too early.`,
  },
  'candidate-withdrawn': {
    vi: ({ on }) => `Đã thôi giới thiệu quần chúng này từ ngày ${day(on)}.`,
    en: ({ on }) => `The candidate was withdrawn on ${on}.`,
  },
  'candidate-erased': {
    vi: () => 'Dữ liệu của quần chúng này đã bị xóa; không ghi thêm được.',
    en: () => 'The data of this candidate were erased; nothing more can be recorded.',
  },
  'already-trained': {
    vi: ({ on }) => `Quần chúng này đã được bồi dưỡng ngày ${day(on)}.`,
    en: ({ on }) => `The candidate was trained on ${on}.`,
  },
  'not-trained': {
    vi: ({ on }) => `Đến ngày ${day(on)} quần chúng này chưa được bồi dưỡng.`,
    en: ({ on }) => `The candidate was not trained by ${on}.`,
  },
  'already-admitted': {
    vi: ({ on }) => `Quần chúng này đã được kết nạp ngày ${day(on)}.`,
    en: ({ on }) => `The candidate was admitted on ${on}.`,
  },
});
