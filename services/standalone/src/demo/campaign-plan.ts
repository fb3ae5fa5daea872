import type { Day } from '@phancong/event-sourcing';
import type { Bloc, Campaign, Theme, Wish } from './bloc.ts';
import type { Month } from './calendar.ts';

const LASTING: readonly { readonly id: string; readonly theme: Theme; readonly code: string; readonly name: string }[] =
  [
    { id: 'pt-hien-mau', theme: 'blood', code: 'HMND', name: 'Hiến máu nhân đạo' },
    { id: 'pt-tiet-kiem', theme: 'thrift', code: 'SKTK', name: 'Sáng kiến - Tiết kiệm' },
    { id: 'pt-day-tot', theme: 'teaching', code: 'DTHT', name: 'Dạy tốt - Học tốt' },
    { id: 'pt-nguoi-ngheo', theme: 'charity', code: 'VNN', name: 'Ngày vì người nghèo' },
    { id: 'pt-den-on', theme: 'gratitude', code: 'DODN', name: 'Đền ơn đáp nghĩa' },
  ];

/** The campaigns that are opened in a month: the lasting ones at the start, the summer one every June. */
export function campaignWishes(bloc: Bloc, month: Month): Wish[] {
  if (month.index === 0) {
    return LASTING.map(({ theme, ...campaign }) => opened(bloc, theme, { ...campaign, from: month.on(1) }));
  }
  if (month.ofYear !== 6) return [];
  const { year } = month;
  const summer = { id: `pt-mua-he-xanh-${year}`, code: `MHX-${year}`, name: `Mùa hè xanh ${year}` };
  const until = `${year}-09-01`;
  return [opened(bloc, 'summer', { ...summer, from: month.on(1), until })];
}

function opened(
  { campaigns }: Bloc,
  theme: Theme,
  body: {
    readonly id: string;
    readonly code: string;
    readonly name: string;
    readonly from: Day;
    readonly until?: string;
  },
): Wish {
  campaigns.push({ id: body.id, theme, from: body.from, until: body.until });
  return { path: '/activity/campaigns', body };
}

/** The campaign of that theme that is under way on the day. */
export const underWay = ({ campaigns }: Bloc, theme: Theme, on: Day): Campaign | undefined =>
  campaigns.find(
    (campaign) =>
      campaign.theme === theme && campaign.from <= on && (campaign.until === undefined || on < campaign.until),
  );
