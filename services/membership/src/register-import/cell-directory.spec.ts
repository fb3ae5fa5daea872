import {
  emptyTree,
  evolveTree,
  type OrganisationFact,
  OrganisationId,
  type OrganisationKind,
} from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { cellDirectory } from './cell-directory.ts';

const day = (text: string) => Day.parse(text);
const org = (id: string) => OrganisationId.parse(id);
const registered = (
  id: string,
  name: string,
  kind: OrganisationKind,
  parent?: string,
  from = '2000-01-01',
): OrganisationFact => ({
  type: 'OrganisationRegistered',
  organisation: org(id),
  occurredAt: day(from),
  code: `CB-${id}`,
  name,
  kind,
  parent: parent === undefined ? undefined : org(parent),
});
const cell = (id: string, name: string, parent = 'cty', from?: string) => registered(id, name, 'cell', parent, from);
const LONG_NAME = 'Chi bộ Phân xưởng Cơ khí và Bảo dưỡng số 1';

const facts: readonly OrganisationFact[] = [
  registered('cty', 'Đảng bộ Công ty', 'committee'),
  registered('vien', 'Đảng bộ Viện', 'committee'),
  cell('kt', 'Chi bộ Phòng Kỹ thuật'),
  cell('ck', LONG_NAME),
  cell('xa', 'Chi bộ Cơ khí', 'vien'),
  cell('cu', 'Chi bộ Kho cũ'),
  cell('moi', 'Chi bộ Kho mới', 'cty', '2015-01-01'),
  { type: 'OrganisationDissolved', organisation: org('cu'), occurredAt: day('2010-01-01') },
  { type: 'OrganisationRenamed', organisation: org('kt'), occurredAt: day('2012-01-01'), name: 'Chi bộ Thiết kế' },
];
const tree = facts.reduce(evolveTree, emptyTree);

const directory = (under: string) => cellDirectory(tree, org(under), day('2014-12-31'));
const found = (places: readonly string[], under = 'cty', column = false) => {
  const { cell } = directory(under)(places, column);
  return typeof cell === 'string' ? cell : cell.id;
};

describe('The cell that a register names', () => {
  it.each([
    ['Chi bộ Thiết kế', 'kt'],
    ['II. CHI BO THIET KE', 'kt'],
    ['3) Chi bộ: Thiết kế', 'kt'],
    ['cb-kt', 'kt'],
    ['Chi bộ Phòng Kỹ thuật', 'cell-unknown'],
    ['Chi bộ Kho cũ', 'cell-unknown'],
    ['Chi bộ Kho mới', 'cell-unknown'],
    ['Chi bộ Cơ khí', 'cell-unknown'],
    [LONG_NAME.slice(0, 31), 'ck'],
    [LONG_NAME.slice(0, 30), 'cell-unknown'],
  ])('%p is %p, by its name of today', (place, id) => expect(found([place])).toBe(id));

  it('is the first place that names one', () => {
    expect(found(['Chi bộ Kho cũ', 'Chi bộ Thiết kế', LONG_NAME])).toBe('kt');
    expect(found(['Sheet1', 'Trang 2'])).toBe('cell-unknown');
    expect(found(['Sheet1', 'Trang 2'], 'kt')).toBe('kt');
    expect(found(['Sheet1'], 'kt')).toBe('kt');
    expect(found([], 'kt')).toBe('kt');
    expect(found([])).toBe('cell-missing');
  });

  it('is none when the row names one that is not there, also in the register of a cell', () => {
    expect(found(['Phòng khác'], 'kt', true)).toBe('cell-unknown');
    expect(found(['Thiết kế'], 'kt', true)).toBe('kt');
    const findCell = directory('kt');
    const cells = [findCell(['Sheet1'], false), findCell(['Sheet1'], true)].map(({ cell }) => cell);
    expect(cells).toMatchObject([{ id: 'kt' }, 'cell-unknown']);
  });
});

describe('The register of a cell', () => {
  it('is of no other cell that its title, or a line in it, names', () => {
    const other = { cell: 'title-of-another-cell', place: 'CHI BỘ CƠ KHÍ' };
    expect(directory('kt')(['CHI BỘ CƠ KHÍ', 'Sheet1'], false)).toMatchObject(other);
    expect(directory('kt')(['CHI BỘ CƠ KHÍ', 'Chi bộ Thiết kế'], false)).toMatchObject(other);
    expect(found(['Chi bộ Thiết kế', 'CHI BỘ CƠ KHÍ'], 'kt')).toBe('kt');
  });

  it('may have a title that names no cell, which is told', () => {
    const { cell, unknown } = directory('kt')(['Chi bộ Kho cũ', 'CHI BỘ: ……', 'Sheet1'], false);
    expect([cell, unknown]).toMatchObject([{ id: 'kt' }, ['Chi bộ Kho cũ']]);
    expect(directory('kt')(['Chi bộ Thiết kế', 'Chi bộ Kho cũ'], false).unknown).toEqual([]);
    expect(directory('cty')(['Chi bộ Kho cũ', 'Chi bộ Thiết kế'], false).unknown).toEqual(['Chi bộ Kho cũ']);
  });
});
