import { Day, type RefusalFacts } from '@phancong/event-sourcing';
import { formatDay } from '@phancong/vietnamese';

const day = (fact: string | number | undefined): string => formatDay(Day.parse(fact));

/** Why a command was refused, in words; by code. */
export const messages = {
  'already-exists': {
    vi: ({ id }: RefusalFacts) => `Mã định danh ${id} đã được dùng.`,
    en: ({ id }: RefusalFacts) => `The id ${id} is in use already.`,
  },
  'code-taken': {
    vi: ({ code }: RefusalFacts) => `Mã ${code} đã thuộc về một phong trào khác.`,
    en: ({ code }: RefusalFacts) => `The code ${code} belongs to another campaign.`,
  },
  'ends-before-it-begins': {
    vi: ({ from, until }: RefusalFacts) => `Ngày kết thúc ${day(until)} phải sau ngày bắt đầu ${day(from)}.`,
    en: ({ from, until }: RefusalFacts) => `It would end on ${day(until)}, not after its first day, ${day(from)}.`,
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
    vi: ({ id }: RefusalFacts) => `Không tìm thấy phân công ${id} của đảng viên.`,
    en: ({ id }: RefusalFacts) => `The member has no assignment ${id}.`,
  },
  'day-in-future': {
    vi: ({ on, today }: RefusalFacts) => `Ngày ${day(on)} chưa đến; hôm nay là ${day(today)}.`,
    en: ({ on, today }: RefusalFacts) => `${day(on)} has not come yet; today is ${day(today)}.`,
  },
  'assignment-not-active': {
    vi: ({ on }: RefusalFacts) => `Phân công không có hiệu lực vào ngày ${day(on)}.`,
    en: ({ on }: RefusalFacts) => `The assignment is not active on ${day(on)}.`,
  },
  'campaign-not-open': {
    vi: ({ on }: RefusalFacts) => `Phong trào không diễn ra vào ngày ${day(on)}.`,
    en: ({ on }: RefusalFacts) => `The campaign is not under way on ${day(on)}.`,
  },
};
