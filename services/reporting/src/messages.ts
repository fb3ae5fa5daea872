import { Day } from '@phancong/event-sourcing';
import { defineMessages } from '@phancong/nest';
import { formatDay } from '@phancong/vietnamese';

const day = (fact: string | number | undefined): string => formatDay(Day.parse(fact));

/** Why a question cannot be answered, in words; by code. */
export const messages = defineMessages({
  'organisation-not-found': {
    vi: ({ id }) => `Không tìm thấy tổ chức đảng ${id}.`,
    en: ({ id }) => `There is no organisation ${id}.`,
  },
  'range-reversed': {
    vi: ({ from, to }) => `Ngày đầu ${day(from)} không được sau ngày cuối ${day(to)}.`,
    en: ({ from, to }) => `The first day, ${from}, must not be after the last, ${to}.`,
  },
  'too-many-steps': {
    vi: ({ most }) => `Khoảng thời gian quá dài: nhiều nhất ${most} mốc một lần.`,
    en: ({ most }) => `The range is too long: at most ${most} steps at a time.`,
  },
  'day-out-of-range': {
    vi: () => 'Ngày phải trong khoảng từ năm 1900 đến năm 2999.',
    en: () => 'The day must be between the years 1900 and 2999.',
  },
});
