import { Day } from '@phancong/event-sourcing';
import { defineMessages } from '@phancong/nest';
import { formatDay } from '@phancong/vietnamese';

/** As Vietnamese people write it; in English the day is written as in the interface, YYYY-MM-DD. */
const day = (fact: string | number | undefined): string => formatDay(Day.parse(fact));

/** Why a command was refused, in words; by code. */
export const messages = defineMessages({
  'already-exists': {
    vi: ({ id }) => `Mã định danh ${id} đã được dùng.`,
    en: ({ id }) => `The id ${id} is in use already.`,
  },
  'code-taken': {
    vi: ({ code }) => `Mã ${code} đã thuộc về một phong trào khác.`,
    en: ({ code }) => `The code ${code} belongs to another campaign.`,
  },
  'ends-before-it-begins': {
    vi: () => 'Ngày kết thúc phải sau ngày bắt đầu.',
    en: () => 'It must end after its first day.',
  },
  'activity-not-found': {
    vi: () => 'Không tìm thấy hoạt động này.',
    en: () => 'There is no such activity.',
  },
  'activity-voided': {
    vi: () => 'Hoạt động này đã bị hủy.',
    en: () => 'This activity has been voided.',
  },
  'campaign-not-found': {
    vi: () => 'Không tìm thấy phong trào này.',
    en: () => 'There is no such campaign.',
  },
  'assignment-not-found': {
    vi: ({ id }) => `Không tìm thấy phân công ${id} của đảng viên.`,
    en: ({ id }) => `The member has no assignment ${id}.`,
  },
  'day-in-future': {
    vi: ({ on, today }) => `Ngày ${day(on)} chưa đến; hôm nay là ${day(today)}.`,
    en: ({ on, today }) => `${on} has not come yet; today is ${today}.`,
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
  'campaign-not-open': {
    vi: ({ on }) => `Phong trào không diễn ra vào ngày ${day(on)}.`,
    en: ({ on }) => `The campaign is not under way on ${on}.`,
  },
});
