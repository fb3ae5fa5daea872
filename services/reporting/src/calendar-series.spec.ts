import { OrganisationId } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { inMemoryReadModels, type Projection, type Reader, type Session } from '@phancong/read-models';
import {
  calendar,
  campaignsIn,
  countedCampaigns,
  daysOf,
  readSeries,
  type Series,
  SeriesChanges,
  yearsIn,
} from './calendar-series.ts';
import type { Figures } from './figures.ts';
import { OWN } from './places.ts';

const day = (text: string) => Day.parse(text);
const committee: Series = { of: 'coverage', organisation: OrganisationId.parse('north') };
const blood: Series = { of: 'results', organisation: OrganisationId.parse('north'), campaign: 'blood' };

type Entry = [series: Series, under: string, day: string, figures: Figures, factor?: number];

/** Read models that hold nothing but calendars. */
function keeping() {
  const readModels = inMemoryReadModels();
  const projection: Projection = {
    ...{ name: 'calendars', version: 1, models: [calendar, countedCampaigns], sources: ['activity'] },
    apply: async () => undefined,
  };
  let batches = 0;
  return {
    reader: readModels.reader(projection),
    write: (...entries: Entry[]) =>
      readModels.commit(projection, 'activity', (batches += 1), async (session: Session) => {
        const changes = new SeriesChanges();
        for (const [series, under, on, figures, factor] of entries)
          changes.add(series, under, day(on), figures, factor);
        await changes.writeTo(session);
      }),
  };
}
/** Texts of the pages of a series for a day, by year, month and day. */
async function pagesOf(reader: Reader, name: string, on: string): Promise<string[]> {
  const ids = ['', on.slice(0, 4), on.slice(0, 7)].map((period) => `${name}|${period}`);
  return [...(await reader.getMany(calendar, ids)).values()].map((page) => JSON.stringify(page));
}
const upTo = async (reader: Reader, on: string, asOf = on, before?: 'before') =>
  (await readSeries(reader, [committee], [day(on)]))(committee, day(on), day(asOf), before);

describe('a calendar series', () => {
  it('sums up to a day, with it or without', async () => {
    const { reader, write } = keeping();
    await write(
      [committee, '..', '2009-12-31', { due: 1 }],
      [committee, '..', '2010-01-01', { due: 10 }],
      [committee, '..', '2010-02-01', { due: 100 }],
      [committee, '..', '2010-02-10', { due: 1_000 }],
      [committee, '..', '2010-02-11', { due: 10_000 }],
      [committee, '..', '2011-01-01', { due: 100_000 }],
    );
    expect(await upTo(reader, '2010-02-10')).toEqual({ due: 1_111 });
    expect(await upTo(reader, '2010-02-10', '2010-02-10', 'before')).toEqual({ due: 111 });
    expect(await upTo(reader, '2009-12-30')).toEqual({});
    expect(await upTo(reader, '2035-01-01')).toEqual({ due: 111_111 });
  });

  it('sums what stands there in the tree of another day', async () => {
    const { reader, write } = keeping();
    await write([committee, OWN, '2010-01-01', { due: 1 }], [committee, '..2012-06-01', '2010-01-01', { due: 10 }]);
    expect(await upTo(reader, '2010-01-01', '2012-05-31')).toEqual({ due: 11 });
    expect(await upTo(reader, '2010-01-01', '2012-06-01')).toEqual({ due: 1 });
  });

  it('keeps nothing of what was taken away again', async () => {
    const { reader, write } = keeping();
    await write([blood, '..', '2010-01-01', { visits: 1 }]);
    expect(await pagesOf(reader, 'results/north@blood', '2010-01-01')).toHaveLength(3);
    await write([blood, '..', '2010-01-01', { visits: 1 }, -1]);
    expect(await pagesOf(reader, 'results/north@blood', '2010-01-01')).toEqual([]);
  });

  it('knows its years and days, also those of which nothing is left at the end of the year', async () => {
    const { reader, write } = keeping();
    await write(
      [committee, OWN, '2010-05-01', { due: 1 }],
      [committee, OWN, '2010-05-03', { due: 1 }, -1],
      [committee, '..', '2011-05-01', { due: 1 }],
    );
    expect(await yearsIn(reader, committee)).toEqual(['2010', '2011']);
    expect(await daysOf(reader, committee, OWN)).toEqual([
      ['2010-05-01', { due: 1 }],
      ['2010-05-03', { due: -1 }],
    ]);
    await write([committee, OWN, '2010-05-01', { due: 1 }, -1], [committee, OWN, '2010-05-03', { due: 1 }]);
    expect(await yearsIn(reader, committee)).toEqual(['2011']);
  });

  it('is kept apart from those of campaigns, which are known by their organisation', async () => {
    const { reader, write } = keeping();
    await write([blood, '..', '2010-01-01', { visits: 1 }]);
    expect(await campaignsIn(reader, blood.organisation)).toEqual(['blood']);
    expect(await yearsIn(reader, { of: 'results', organisation: blood.organisation })).toEqual([]);
    expect(await campaignsIn(reader, OrganisationId.parse('south'))).toEqual([]);
  });

  it('is the same pages however its changes were batched', async () => {
    const [one, other] = [keeping(), keeping()];
    const entries: Entry[] = [
      [committee, '2010-01-01..', '2010-12-01', { due: 1, assigned: 1 }],
      [committee, '..', '2010-01-02', { assigned: 1 }],
      [committee, OWN, '2010-12-01', { due: 2 }],
    ];
    await one.write(...entries);
    for (const entry of entries.reverse()) await other.write(entry);
    for (const on of ['2010-12-01', '2010-01-02']) {
      const pages = await pagesOf(one.reader, 'coverage/north', on);
      expect(pages).toHaveLength(3);
      expect(await pagesOf(other.reader, 'coverage/north', on)).toEqual(pages);
    }
  });
});
