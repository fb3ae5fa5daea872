import { OrganisationId } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import type { Reader, ReadModel, Session } from '@phancong/read-models';
import { z } from 'zod';
import { areFigures, type Figures, isNone, isRecordOf, none, plus, sorted, Sum } from './figures.ts';
import { standsOn, type Under } from './places.ts';

/**
 * What is counted, day by day: `coverage` is what changes on each day (its sum up to a day is the state of that day),
 * `results` what was done on each day, in all or for one campaign.
 */
export const Series = z.object({
  of: z.enum(['coverage', 'results']),
  organisation: OrganisationId,
  campaign: z.string().optional(),
});
export type Series = Readonly<z.infer<typeof Series>>;

/** By unit, then by when they stand under the organisation. */
type Units = Readonly<Record<string, Readonly<Record<Under, Figures>>>>;

/**
 * Figures of a series in one of three sizes, like the digits of a calendar: by day of one month (period `2014-05`), by month of
 * one year (`2014`), by year (empty). Each unit's figures are kept apart by the days on which they stand under the organisation.
 */
const CalendarPage = z.object({
  series: Series,
  period: z.string(),
  // A page holds hundreds of numbers: three nested `z.record` take longer to check them than all else that an answer does.
  units: z.custom<Units>(isRecordOf(isRecordOf(areFigures))),
});
type CalendarPage = z.infer<typeof CalendarPage>;

export const calendar: ReadModel<CalendarPage> = {
  name: 'calendar',
  schema: CalendarPage,
  indexes: {
    pages: ({ series, period }) => [nameOf(series), period],
    campaigns: ({ series, period }) =>
      period === '' && series.campaign !== undefined ? [series.organisation, series.campaign] : undefined,
  },
};

const nameOf = ({ of, organisation, campaign }: Series): string =>
  campaign === undefined ? `${of}/${organisation}` : `${of}/${organisation}@${campaign}`;
const pageId = (name: string, period: string): string => `${name}|${period}`;

interface Digit {
  readonly period: string;
  readonly unit: string;
}
/** Where a day stands on the pages by year, by month and by day. */
const digitsOf = (day: Day): readonly [Digit, Digit, Digit] => [
  { period: '', unit: day.slice(0, 4) },
  { period: day.slice(0, 4), unit: day.slice(5, 7) },
  { period: day.slice(0, 7), unit: day.slice(8, 10) },
];

/** Changes to be made to series, gathered so that every page is read and written once. */
export class SeriesChanges {
  readonly #pages = new Map<string, { series: Series; period: string; units: Map<string, Map<Under, Sum>> }>();

  add(series: Series, under: Under, day: Day, figures: Figures, factor = 1): void {
    const name = nameOf(series);
    for (const { period, unit } of digitsOf(day)) {
      const id = pageId(name, period);
      const page = this.#pages.get(id) ?? { series, period, units: new Map<string, Map<Under, Sum>>() };
      this.#pages.set(id, page);
      const unders = page.units.get(unit) ?? new Map<Under, Sum>();
      page.units.set(unit, unders);
      const sum = unders.get(under) ?? new Sum();
      unders.set(under, sum);
      sum.add(figures, factor);
    }
  }

  async writeTo(session: Session): Promise<void> {
    const before = await session.getMany(calendar, [...this.#pages.keys()]);
    for (const [id, { series, period, units }] of this.#pages) {
      const known = before.get(id);
      const after = changedUnits(known?.units ?? {}, units);
      if (!isNone(after)) await session.put(calendar, id, { series, period, units: after });
      else if (known) await session.delete(calendar, id);
    }
  }
}

/** Units, and what stands when, in the order of their names: equal pages are equal texts. */
function changedUnits(known: Units, changes: ReadonlyMap<string, ReadonlyMap<Under, Sum>>): Units {
  const units = { ...known };
  for (const [unit, unders] of changes) {
    const after = changedUnders(units[unit] ?? {}, unders);
    if (isNone(after)) delete units[unit];
    else units[unit] = after;
  }
  return [...changes.keys()].every((unit) => unit in known) ? units : sorted(units);
}

function changedUnders(known: Units[string], changes: ReadonlyMap<Under, Sum>): Units[string] {
  const unders = { ...known };
  for (const [under, { figures }] of changes) {
    const sum = plus(unders[under] ?? none, figures);
    if (isNone(sum)) delete unders[under];
    else unders[under] = sum;
  }
  return [...changes.keys()].every((under) => under in known) ? unders : sorted(unders);
}

/** Of a series that was read: all figures up to the day (`before`: without it) that stand there in the tree of `asOf`. */
export type SumUpTo = (series: Series, day: Day, asOf: Day, before?: 'before') => Figures;

/** Reads what sums up to these days need: three pages a series and day, fewer where days share a year or month. */
export async function readSeries(reader: Reader, series: readonly Series[], days: readonly Day[]): Promise<SumUpTo> {
  const periods = new Set(days.flatMap((day) => digitsOf(day).map(({ period }) => period)));
  const ids = series.flatMap((one) => [...periods].map((period) => pageId(nameOf(one), period)));
  const pages = await reader.getMany(calendar, [...new Set(ids)]);
  return (one, day, asOf, before) => {
    const name = nameOf(one);
    const sum = new Sum();
    for (const [index, { period, unit: last }] of digitsOf(day).entries()) {
      const page = pages.get(pageId(name, period));
      if (!page) continue;
      const inclusive = index === 2 && !before;
      for (const [unit, unders] of Object.entries(page.units)) {
        if (unit > last || (unit === last && !inclusive)) continue;
        for (const [under, figures] of Object.entries(unders)) {
          if (standsOn(under, asOf)) sum.add(figures);
        }
      }
    }
    return sum.figures;
  };
}

/** Every day of the series with what is counted under `under`. */
export async function daysOf(reader: Reader, series: Series, under: Under): Promise<[Day, Figures][]> {
  const { items } = await reader.find(calendar, { index: 'pages', equals: [nameOf(series)] });
  const days = items.filter(({ doc }) => doc.period.length === 'YYYY-MM'.length);
  return days.flatMap(({ doc: { period, units } }) =>
    Object.entries(units).flatMap(([unit, unders]): [Day, Figures][] => {
      const figures = unders[under];
      return figures ? [[Day.parse(`${period}-${unit}`), figures]] : [];
    }),
  );
}

/** Campaigns for which anything is counted in the organisation, on whatever day. */
export async function campaignsIn(reader: Reader, organisation: OrganisationId): Promise<string[]> {
  const { items } = await reader.find(calendar, { index: 'campaigns', equals: [organisation] });
  return items.flatMap(({ doc }) => doc.series.campaign ?? []);
}

/** Years in which anything is counted in the series, in order. */
export async function yearsIn(reader: Reader, series: Series): Promise<string[]> {
  const page = await reader.get(calendar, pageId(nameOf(series), ''));
  return Object.keys(page?.units ?? {}).sort();
}
