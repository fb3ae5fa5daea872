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
 * A unit is there as long as a page of its own has anything, even if it adds up to nothing.
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
  indexes: {},
};

/** A campaign for which anything is counted in the organisation, on whatever day. */
const CountedCampaign = z.object({ organisation: OrganisationId, campaign: z.string() });
export const countedCampaigns: ReadModel<z.infer<typeof CountedCampaign>> = {
  name: 'counted-campaigns',
  schema: CountedCampaign,
  indexes: { organisation: ({ organisation }) => [organisation] },
};

/** Different for different series. */
export const nameOf = ({ of, organisation, campaign }: Series): string =>
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

type Sums = Map<Under, Sum>;

/** What changes on a page: by unit the sums to be added, and whether the unit's own page has anything left. */
interface PageChange {
  readonly series: Series;
  readonly period: string;
  readonly units: Map<string, { readonly sums: Sums; readonly detailed: boolean }>;
}

/** Changes to be made to series, gathered so that every page is read and written once. */
export class SeriesChanges {
  readonly #series = new Map<OrganisationId, Map<string, { series: Series; days: Map<Day, Sums> }>>();

  add(series: Series, under: Under, day: Day, figures: Figures, factor = 1): void {
    const { of, organisation, campaign } = series;
    const ofOrganisation = getOrMake(this.#series, organisation, () => new Map());
    const { days } = getOrMake(ofOrganisation, campaign === undefined ? of : `${of}@${campaign}`, () => ({
      series,
      days: new Map(),
    }));
    addTo(
      getOrMake(days, day, () => new Map()),
      under,
      figures,
      factor,
    );
  }

  async writeTo(session: Session): Promise<void> {
    for (let pages = this.#dayPages(); pages.size > 0; ) {
      const above = new Map<string, PageChange>();
      const before = await session.getMany(calendar, [...pages.keys()]);
      for (const [id, page] of pages) {
        const { series, period } = page;
        const known = before.get(id);
        const units = changedUnits(known?.units ?? {}, page.units);
        const left = !isNone(units);
        if (left) await session.put(calendar, id, { series, period, units });
        else if (known) await session.delete(calendar, id);
        if (period === '') await noteCampaign(series, left, session);
        sumUp(page, left, above);
      }
      pages = above;
    }
  }

  #dayPages(): Map<string, PageChange> {
    const pages = new Map<string, PageChange>();
    for (const ofOrganisation of this.#series.values()) {
      for (const { series, days } of ofOrganisation.values()) {
        for (const [day, sums] of days) {
          const [, , { period, unit }] = digitsOf(day);
          changeOf(pages, series, period).units.set(unit, { sums, detailed: false });
        }
      }
    }
    return pages;
  }
}

async function noteCampaign({ organisation, campaign }: Series, counted: boolean, session: Session): Promise<void> {
  if (campaign === undefined) return;
  const id = `${organisation}@${campaign}`;
  if (!counted) await session.delete(countedCampaigns, id);
  else if (!(await session.get(countedCampaigns, id)))
    await session.put(countedCampaigns, id, { organisation, campaign });
}

const changeOf = (pages: Map<string, PageChange>, series: Series, period: string): PageChange =>
  getOrMake(pages, pageId(nameOf(series), period), () => ({ series, period, units: new Map() }));

/** The change of a page as a change of its unit on the page above. */
function sumUp({ series, period, units }: PageChange, detailed: boolean, above: Map<string, PageChange>): void {
  if (period === '') return;
  const [year = '', month] = period.split('-');
  const all: Sums = new Map();
  for (const { sums } of units.values()) for (const [under, { figures }] of sums) addTo(all, under, figures);
  changeOf(above, series, month === undefined ? '' : year).units.set(month ?? year, { sums: all, detailed });
}

function addTo(sums: Sums, under: Under, figures: Figures, factor = 1): void {
  getOrMake(sums, under, () => new Sum()).add(figures, factor);
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Units, and what stands when, in the order of their names: equal pages are equal texts. */
function changedUnits(known: Units, changes: PageChange['units']): Units {
  const units = { ...known };
  let news = false;
  for (const [unit, { sums, detailed }] of changes) {
    const after = changedUnders(units[unit] ?? {}, sums);
    if (isNone(after) && !detailed) delete units[unit];
    else {
      news ||= !(unit in known);
      units[unit] = after;
    }
  }
  return news ? sorted(units) : units;
}

function changedUnders(known: Units[string], changes: Sums): Units[string] {
  const unders = { ...known };
  let news = false;
  for (const [under, { figures }] of changes) {
    const sum = plus(unders[under] ?? none, figures);
    if (isNone(sum)) delete unders[under];
    else {
      news ||= !(under in known);
      unders[under] = sum;
    }
  }
  return news ? sorted(unders) : unders;
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

/** Every day of the series with what is counted under `under`, in order. */
export async function daysOf(reader: Reader, series: Series, under: Under): Promise<[Day, Figures][]> {
  const name = nameOf(series);
  const pages = async (periods: readonly string[]): Promise<CalendarPage[]> => {
    const found = await reader.getMany(
      calendar,
      periods.map((period) => pageId(name, period)),
    );
    return [...found.values()];
  };
  const years = (await pages([''])).flatMap(({ units }) => Object.keys(units));
  const months = (await pages(years)).flatMap(({ period, units }) =>
    Object.keys(units).map((unit) => `${period}-${unit}`),
  );
  const days = (await pages(months)).flatMap(({ period, units }) =>
    Object.entries(units).flatMap(([unit, unders]): [Day, Figures][] => {
      const figures = unders[under];
      return figures ? [[Day.parse(`${period}-${unit}`), figures]] : [];
    }),
  );
  return days.sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Campaigns for which anything is counted in the organisation, on whatever day. */
export async function campaignsIn(reader: Reader, organisation: OrganisationId): Promise<string[]> {
  const { items } = await reader.find(countedCampaigns, { index: 'organisation', equals: [organisation] });
  return items.map(({ doc }) => doc.campaign);
}

/** Years in which anything is counted in the series, in order; also those in which it comes to nothing. */
export async function yearsIn(reader: Reader, series: Series): Promise<string[]> {
  const page = await reader.get(calendar, pageId(nameOf(series), ''));
  return Object.keys(page?.units ?? {}).sort();
}
