import type { GroupKind } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import { type Assignment, type Bloc, busy, isActive, postpone, postponed, type Theme, type Wish } from './bloc.ts';
import { laterDay, type Month, MONTHS } from './calendar.ts';
import { underWay } from './campaign-plan.ts';
import { share } from './random.ts';
import { CHARITY_UNIT, SAVINGS_UNIT } from './targets.ts';

/** Of the activities, how many are written down months late, corrected, or struck out again. */
const LATE = 0.05;
const AMENDED = 0.02;
const VOIDED = 0.01;

interface Kind {
  readonly name: string;
  readonly themes: readonly Theme[];
  readonly result?: 'savings' | 'charity' | 'bloodDonations';
  /** How often, against the others. */
  readonly often: number;
}

const KINDS: readonly Kind[] = [
  { name: 'Sáng kiến, tiết kiệm', themes: ['thrift'], result: 'savings', often: 30 },
  { name: 'Vận động ủng hộ', themes: ['charity', 'gratitude'], result: 'charity', often: 18 },
  { name: 'Hiến máu', themes: ['blood'], result: 'bloodDonations', often: 14 },
  { name: 'Tuyên truyền, vận động', themes: [], often: 22 },
  { name: 'Thăm hỏi', themes: ['gratitude'], often: 16 },
];
const ELSEWHERE: Readonly<Record<GroupKind, readonly Theme[]>> = {
  workers: [],
  researchers: [],
  youth: ['summer', 'teaching'],
  residents: ['summer'],
};

/** A deed that is meant to stand at the end, in the words of the request. */
interface Deed {
  readonly assignment: Assignment;
  readonly kind: Kind;
  readonly on: Day;
  amount: number;
}

export interface ActivityWishes {
  /** By the weeks of the month: what was done up to its 7th, 14th, 21st and last day. */
  readonly weeks: readonly Wish[][];
  /** What was set right, at the end of the month. */
  readonly settled: readonly Wish[];
}

/** What is written down of activities in a month. */
export function activityWishes(bloc: Bloc, month: Month): ActivityWishes {
  const put = postponed(bloc, 'activities', month.index, month.on(27));
  const deeds = deedsOf(bloc, month);
  const { schedule, tally } = bloc;
  tally.savings += spread(bloc, deeds, 'savings', schedule.savings[month.index] ?? 0, SAVINGS_UNIT);
  tally.charity += spread(bloc, deeds, 'charity', schedule.charity[month.index] ?? 0, CHARITY_UNIT);
  tally.bloodDonations += spread(bloc, deeds, 'bloodDonations', schedule.bloodDonations[month.index] ?? 0, 1);
  const weeks: Wish[][] = [[], [], [], put.filter(({ path }) => path === PATH)];
  for (const deed of deeds) {
    const week = Math.min(3, Math.floor((Number(deed.on.slice(8)) - 1) / 7));
    weeks[week]?.push(...writeDown(bloc, month, deed));
  }
  return { weeks, settled: put.filter(({ path }) => path !== PATH) };
}

const PATH = '/activity/activities/bulk';

function deedsOf(bloc: Bloc, month: Month): Deed[] {
  const { random } = bloc;
  const active = [...bloc.members].flatMap(({ assignments }) =>
    [...assignments].filter((each) => isActive(each) && each.id !== undefined && each.worksFrom <= month.on(27)),
  );
  const count = active.length === 0 ? 0 : (bloc.schedule.activities[month.index] ?? 0);
  // One of each kind that has a result, so that there is something to spread the month's results over.
  return Array.from({ length: count }, (_, index) => {
    const assignment = random.pick(active);
    const kind =
      KINDS.slice(index, index + 1).find(({ result }) => result) ?? random.weighted(KINDS, ({ often }) => often);
    const on = laterDay(month.on(random.between(1, 27)), assignment.worksFrom);
    busy(assignment.member, on);
    return { assignment, kind, on, amount: 0 };
  });
}

/** Spreads a month's result over its deeds of that kind, exactly. @returns what was spread */
function spread(bloc: Bloc, deeds: readonly Deed[], result: Kind['result'], total: number, unit: number): number {
  if (total === 0) return 0;
  const credited = deeds.filter(({ kind }) => kind.result === result);
  const parts = share(
    total,
    credited.map(() => bloc.random.skewed()),
  );
  for (const [index, deed] of credited.entries()) deed.amount = (parts[index] ?? 0) * unit;
  return total * unit;
}

function writeDown(bloc: Bloc, month: Month, deed: Deed): Wish[] {
  const { random } = bloc;
  const id = bloc.number('hd');
  const body = bodyOf(bloc, id, deed);
  const delay = random.chance(LATE) ? random.between(1, 3) : 0;
  const amended = random.chance(AMENDED) && deed.amount > 0;
  const first = amended ? { ...body, results: resultsOf(deed, deed.amount * 10) } : body;
  const settle = (verb: string, wish: Wish['body'], of = id): void =>
    postpone(bloc, 'activities', month.index + delay + 1, () => [
      { path: `/activity/activities/${of}/${verb}`, body: wish },
    ]);
  if (month.index + delay + 1 >= MONTHS) return [{ path: PATH, body }];
  if (amended) settle('amend', { results: resultsOf(deed, deed.amount), reason: 'Ghi thừa một số không' });
  const twice: Wish[] = [];
  if (random.chance(VOIDED)) {
    const copy = bloc.number('hd');
    twice.push({ path: PATH, body: { ...body, id: copy } });
    settle('void', { reason: 'Ghi trùng' }, copy);
  }
  const wishes = [{ path: PATH, body: first }, ...twice];
  if (delay === 0) return wishes;
  postpone(bloc, 'activities', month.index + delay, () => wishes);
  return [];
}

const resultsOf = ({ kind: { result } }: Deed, amount: number): Readonly<Record<string, number>> =>
  result === undefined ? {} : { [result]: amount };

function bodyOf(bloc: Bloc, id: string, deed: Deed): Wish['body'] {
  const { random } = bloc;
  const { assignment, kind, on, amount } = deed;
  const { group } = assignment;
  const themes = kind.result === undefined ? [...ELSEWHERE[group.kind], ...kind.themes] : kind.themes;
  const named = themes.flatMap((theme) => underWay(bloc, theme, on) ?? []);
  const [campaign] = random.sample(named, 1);
  const reached = Math.max(1, Math.round(Math.min(group.headcount, 200) * random.next()));
  return {
    ...{ id, assignment: assignment.id, kind: kind.name, campaign: campaign?.id, on, reached },
    ...(kind.name === 'Thăm hỏi' && { visits: random.between(1, 6) }),
    ...(amount > 0 && { results: resultsOf(deed, amount) }),
    ...(random.chance(0.1) && { note: random.pick(['Làm tốt', 'Cần nhân rộng', 'Phối hợp với Công đoàn']) }),
  };
}
