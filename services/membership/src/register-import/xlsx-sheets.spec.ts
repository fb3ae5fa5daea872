import { read, utils, write } from '@e965/xlsx';
import fc from 'fast-check';
import { xlsx, type Value } from '../testing/register-files.ts';
import { readWorkbook } from './workbook.ts';

const seed = process.env['FC_SEED'] === undefined ? {} : { seed: Number(process.env['FC_SEED']) };

/** Sheets with the rows that hold text, each row to its last text. */
async function readBy(bytes: Buffer) {
  const sheets = [];
  for await (const { name, rows } of readWorkbook(bytes)) {
    const found: Record<number, readonly string[]> = {};
    for await (const { row, cells } of rows) found[row] = upToText(cells);
    sheets.push({ name, rows: found });
  }
  return sheets;
}

const upToText = (cells: readonly string[]) => cells.slice(0, cells.findLastIndex((text) => text !== '') + 1);

/** Letters, signs of XML, what a spreadsheet escapes, line ends. */
const text = fc.string({
  unit: fc.constantFrom('a', 'Ă', 'ộ', 'đ', '&', '<', '>', '"', "'", ' ', '\n', ';', '_x', '😀'),
});
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const cell = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const table = fc.array(fc.array(cell, { maxLength: 8 }), { minLength: 1, maxLength: 12 });
const written = (value: string | number | boolean | null): string => (value === null ? '' : String(value));

describe('A workbook', () => {
  it('is read as another program wrote it, whichever way it keeps its texts', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), fc.boolean(), async (rows, bookSST, compression) => {
        const book = utils.book_new(utils.aoa_to_sheet(rows), 'Chi bộ & 1');
        utils.book_append_sheet(book, utils.aoa_to_sheet([[], ['Hai']]), 'Sheet2');
        const bytes = Buffer.from(write(book, { type: 'buffer', bookType: 'xlsx', bookSST, compression }));
        const expected = Object.fromEntries(
          rows
            .map((cells, index) => [index + 1, upToText(cells.map(written))] as const)
            .filter(([, { length }]) => length),
        );
        expect(await readBy(bytes)).toEqual([
          { name: 'Chi bộ & 1', rows: expected },
          { name: 'Sheet2', rows: { 2: ['Hai'] } },
        ]);
      }),
      { ...seed, numRuns: 100 },
    );
  });

  it.each([
    ['1900', false, '2014-05-19'],
    ['1904', true, '2018-05-20'],
  ])('counts its days from %s', async (_, date1904, day) => {
    const sheet = utils.aoa_to_sheet([[{ t: 'n', v: 41_778, z: 'dd/mm/yyyy' }]]);
    const book = utils.book_new(sheet, 'S');
    const bytes = Buffer.from(
      write({ ...book, Workbook: { WBProps: { date1904 } } }, { type: 'buffer', bookType: 'xlsx' }),
    );
    expect(await readBy(bytes)).toEqual([{ name: 'S', rows: { 1: [day] } }]);
  });

  it.each([
    ['dd/mm/yyyy', '2014-05-19'],
    ['[$-42A]dd mmmm yyyy;@', '2014-05-19'],
    ['m/d/yy', '2014-05-19'],
    ['[h]:mm', '2014-05-19'],
    ['0000000', '0041778'],
    ['#,##0 "đồng mỗi ngày"', '41778'],
    ['[Red]0.00', '41778'],
    ['_-* #,##0\\ _d_-', '41778'],
    ['General', '41778'],
  ])('shows a number under %s as %s', async (format, shown) => {
    const book = utils.book_new(utils.aoa_to_sheet([[{ t: 'n', v: 41_778, z: format }]]), 'S');
    const bytes = Buffer.from(write(book, { type: 'buffer', bookType: 'xlsx' }));
    expect(await readBy(bytes)).toEqual([{ name: 'S', rows: { 1: [shown] } }]);
  });

  it('is read as a reader that takes it whole reads it', async () => {
    const rich: Value[] = ['Lê An', 52_000_003, { formula: '"a"&"b"', result: 'ab' }, null, '=1+1', 'dòng 1\ndòng 2'];
    const bytes = await xlsx({ name: 'S', rows: [rich, [], [null, ...rich]], merges: ['A5:C5'] });
    const [sheet] = await readBy(bytes);
    const whole = utils.sheet_to_json<unknown[]>(read(bytes).Sheets['S'] ?? {}, {
      header: 1,
      blankrows: true,
      defval: null,
    });
    const expected = whole.map(
      (cells, index) => [index + 1, upToText(cells.map((value) => String(value ?? '')))] as const,
    );
    expect(sheet?.rows).toEqual(Object.fromEntries(expected.filter(([, { length }]) => length > 0)));
  });
});
