import { type OrganisationId, stayOn } from '@phancong/contracts';
import { Day, type Instant } from '@phancong/event-sourcing';
import type { Reader } from '@phancong/read-models';
import { campaignsIn, readSeries, type Series, yearsIn } from '../calendar-series.ts';
import { activities, candidates, doneIn, stepsOf } from '../facts/deeds.ts';
import { type Figures, none, plus } from '../figures.ts';
import { residentsThen } from '../known-then.ts';
import type { Places } from '../places.ts';

interface Question {
  readonly organisation: OrganisationId;
  readonly from: Day;
  readonly to: Day;
  readonly asOf: Day;
  readonly by: 'organisation' | 'campaign' | 'year';
}

/** Figures in all, and by id of part, id of campaign, or year. */
export interface Grouped {
  readonly total: Figures;
  readonly groups: ReadonlyMap<string, Figures>;
}

/** As it is told now: read from the calendars, at the same cost however much was done. */
export async function resultsNow(
  reader: Reader,
  parts: readonly OrganisationId[],
  { organisation, from, to, asOf, by }: Question,
): Promise<Grouped> {
  const whole: Series = { of: 'results', organisation };
  const rows = await rowsOf(reader, parts, whole, from, to, by);
  const days = rows.flatMap(({ first, last }) => [first, last]);
  const upTo = await readSeries(
    reader,
    [whole, ...rows.map(({ series }) => series)],
    [...new Set([from, to, ...days])],
  );
  const done = ({ series, first, last }: Omit<Row, 'group'>): Figures =>
    plus(upTo(series, last, asOf), upTo(series, first, asOf, 'before'), -1);
  return {
    total: done({ series: whole, first: from, last: to }),
    groups: new Map(rows.map((row) => [row.group, done(row)])),
  };
}

interface Row {
  readonly group: string;
  readonly series: Series;
  readonly first: Day;
  readonly last: Day;
}

async function rowsOf(
  reader: Reader,
  parts: readonly OrganisationId[],
  whole: Series,
  from: Day,
  to: Day,
  by: Question['by'],
): Promise<Row[]> {
  switch (by) {
    case 'organisation':
      return parts.map((organisation) => ({
        group: organisation,
        series: { ...whole, organisation },
        first: from,
        last: to,
      }));
    case 'campaign': {
      const ids = await campaignsIn(reader, whole.organisation);
      return ids.map((campaign) => ({ group: campaign, series: { ...whole, campaign }, first: from, last: to }));
    }
    case 'year': {
      const years = (await yearsIn(reader, whole)).filter((year) => from.slice(0, 4) <= year && year <= to.slice(0, 4));
      return years.map((year) => {
        const [first, last] = [Day.parse(`${year}-01-01`), Day.parse(`${year}-12-31`)];
        return { group: year, series: whole, first: first < from ? from : first, last: last > to ? to : last };
      });
    }
  }
}

/** As it was told at an instant: counted anew from what is known of each member. */
export async function resultsThen(
  reader: Reader,
  places: Places,
  { organisation, from, to, asOf, knownAt, by }: Question & { readonly knownAt: Instant },
): Promise<Grouped> {
  let total = none;
  const groups = new Map<string, Figures>();
  for await (const { cell, part, member, life } of residentsThen(reader, places, organisation, asOf, knownAt)) {
    for (const { on, campaign, figures } of await doneBy(reader, member, knownAt)) {
      if (on < from || on > to || stayOn(life, on)?.cell !== cell) continue;
      total = plus(total, figures);
      const group = by === 'organisation' ? part : by === 'campaign' ? campaign : on.slice(0, 4);
      if (group !== undefined) groups.set(group, plus(groups.get(group) ?? none, figures));
    }
  }
  return { total, groups };
}

async function doneBy(reader: Reader, member: string, knownAt: Instant) {
  const theirs = { index: 'member', equals: [member] };
  const [logged, introduced] = [await reader.find(activities, theirs), await reader.find(candidates, theirs)];
  return [
    ...logged.items.flatMap(({ doc }) => doneIn(doc, knownAt)),
    ...introduced.items.flatMap(({ doc }) => stepsOf(doc, knownAt)),
  ];
}
