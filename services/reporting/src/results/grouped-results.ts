import { type OrganisationId, stayOn } from '@phancong/contracts';
import { Day, type Instant } from '@phancong/event-sourcing';
import type { Reader } from '@phancong/read-models';
import { type Known, readKnown } from '../as-known.ts';
import { campaignsIn, type Series, yearsIn } from '../calendar-series.ts';
import { activities, candidates, doneIn, stepsOf } from '../facts/deeds.ts';
import { type Figures, none, plus } from '../figures.ts';
import { residentsThen } from '../known-then.ts';
import type { Untold } from '../untold.ts';

export interface GroupedQuestion {
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

export const groupedResults = (
  known: Known,
  parts: readonly OrganisationId[],
  question: GroupedQuestion,
): Promise<Grouped> =>
  known.untold ? resultsCounted(known, known.untold, parts, question) : resultsAnew(known, question);

/** Read from the calendars, at the same cost however much was done. */
async function resultsCounted(
  known: Known,
  untold: Untold,
  parts: readonly OrganisationId[],
  { organisation, from, to, asOf, by }: GroupedQuestion,
): Promise<Grouped> {
  const whole: Series = { of: 'results', organisation };
  const rows = await rowsOf(known.reader, untold, parts, whole, from, to, by);
  const days = rows.flatMap(({ first, last }) => [first, last]);
  const upTo = await readKnown(
    known,
    untold,
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
  untold: Untold,
  parts: readonly OrganisationId[],
  whole: Series,
  from: Day,
  to: Day,
  by: GroupedQuestion['by'],
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
      const ids = new Set([
        ...(await campaignsIn(reader, whole.organisation)),
        ...untold.campaigns(whole.organisation),
      ]);
      return [...ids].map((campaign) => ({ group: campaign, series: { ...whole, campaign }, first: from, last: to }));
    }
    case 'year': {
      const ever = new Set([...(await yearsIn(reader, whole)), ...untold.years(whole)]);
      const years = [...ever].filter((year) => from.slice(0, 4) <= year && year <= to.slice(0, 4));
      return years.map((year) => {
        const [first, last] = [Day.parse(`${year}-01-01`), Day.parse(`${year}-12-31`)];
        return { group: year, series: whole, first: first < from ? from : first, last: last > to ? to : last };
      });
    }
  }
}

/** Counted anew from what was known of each member. */
async function resultsAnew(
  { reader, places, at }: Known,
  { organisation, from, to, asOf, by }: GroupedQuestion,
): Promise<Grouped> {
  let total = none;
  const groups = new Map<string, Figures>();
  for await (const { cell, part, member, life } of residentsThen(reader, places, organisation, asOf, at)) {
    for (const { on, campaign, figures } of await doneBy(reader, member, at)) {
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
