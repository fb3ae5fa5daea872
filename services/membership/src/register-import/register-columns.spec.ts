import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ImportDesk, importDesk } from '../testing/import-desk.ts';
import { fieldOf, FIELDS, labelOf } from './register-columns.ts';

const DOCS = join(__dirname, '..', '..', '..', '..', 'docs');

/** Each field of the documented table, with its headers. */
const documented = readFileSync(join(DOCS, 'register-import.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => {
    const [, field = '', headers = ''] = line.split('|');
    const named = (text: string): string[] => Array.from(text.matchAll(/`([^`]+)`/g), ([, name = '']) => name);
    return { field: named(field)[0] ?? '', headers: named(headers) };
  });

describe('The documented columns', () => {
  it('are all that are known', () =>
    expect(documented.map(({ field }) => field).sort()).toEqual([...new Set(FIELDS)].sort()));

  it.each(documented.flatMap(({ field, headers }) => headers.map((header) => [header, field])))(
    'tell that “%s” is %s',
    (header, field) => {
      for (const written of [header, header.toUpperCase(), header.normalize('NFD')]) {
        expect(fieldOf(labelOf(written))).toBe(field);
      }
    },
  );
});

describe('The documented example', () => {
  let desk: ImportDesk;
  beforeEach(async () => {
    desk = importDesk();
    await desk.register('cty', 'Đảng bộ Công ty', 'committee');
    await desk.register('kt', 'Chi bộ Phòng Kỹ thuật', 'cell', 'cty');
  });
  afterEach(() => desk.stop());

  it.each(['kt', 'cty'])('is imported whole, given to %s', async (organisation) => {
    const bytes = readFileSync(join(DOCS, 'register-import-example.csv'));
    const { counts, report } = await desk.import(bytes, organisation);
    expect(counts).toEqual({ rows: 4, accepted: 4, changed: 0, rejected: 0, unchanged: 0 });
    expect(report).toMatchObject({
      ...{ errors: [], dropped: [], perOrganisation: [{ organisation: { id: 'kt' }, accepted: 4 }] },
      warnings: [{ row: 6, column: 'C', value: '1950', code: 'birth-date-partial' }],
    });
    const events = (await desk.store.readAll(0, 100)).map(({ type, occurredAt }) => `${type} ${occurredAt}`);
    expect(events).toEqual(expect.arrayContaining(['MemberAdmitted 2010-03-15', 'MemberLeft 2012-07-01']));
  });
});
