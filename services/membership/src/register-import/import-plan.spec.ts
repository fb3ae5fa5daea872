import { emptyTree, evolveTree, MemberId, OrganisationId, type OrganisationKind } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { csvText } from '../testing/register-files.ts';
import { wholeRegister } from '../testing/whole-register.ts';
import { importPlanner } from './import-plan.ts';
import { type KnownMember, recogniser } from './known-members.ts';

const day = (text: string) => Day.parse(text);
const org = (id: string) => OrganisationId.parse(id);
const today = day('2014-12-31');

const tree = (
  [
    ['bloc', 'Đảng bộ Khối', 'bloc', undefined, '1990-01-01'],
    ['cty', 'Đảng bộ Công ty', 'committee', 'bloc', '1990-01-01'],
    ['px1', 'Chi bộ Phân xưởng 1', 'cell', 'cty', '2000-01-01'],
    ['px2', 'Chi bộ Phân xưởng 2', 'cell', 'cty', '2000-01-01'],
    ['vien', 'Đảng bộ Viện', 'committee', 'bloc', '1990-01-01'],
    ['px3', 'Chi bộ Phân xưởng 1', 'cell', 'vien', '2000-01-01'],
    ['xa', 'Chi bộ Cơ khí', 'cell', 'vien', '2000-01-01'],
  ] satisfies [string, string, OrganisationKind, string | undefined, string][]
).reduce(
  (before, [id, name, kind, parent, from]) =>
    evolveTree(before, {
      type: 'OrganisationRegistered',
      organisation: org(id),
      occurredAt: day(from),
      code: `CB-${id}`,
      name,
      kind,
      parent: parent === undefined ? undefined : org(parent),
    }),
  emptyTree,
);

const header = [
  'Họ và tên',
  'Ngày sinh',
  'Ngày vào Đảng',
  'Ngày chính thức',
  'Số thẻ',
  'Chuyển đến',
  'Từ trần',
  'Nghề nghiệp',
  'Chi bộ',
];
const an = ['Lê An', '1/2/1970', '3/2/1995', '3/2/1996', '52.001', '', '', 'Thợ', 'Phân xưởng 1'];
const known: KnownMember = {
  id: MemberId.parse('an'),
  revision: 0,
  code: '52.001',
  name: 'LÊ AN',
  birthDate: day('1970-02-01'),
  admittedOn: day('1995-02-03'),
  officialOn: day('1996-02-03'),
  standing: 'official',
  cell: org('px1'),
  from: day('2000-01-01'),
  transferred: false,
  job: 'Thợ',
};
/** The row above with some cells replaced, by header. */
const row = (changes: Record<string, string> = {}) => an.map((text, index) => changes[header[index] ?? ''] ?? text);

const plan = async (
  given: readonly (readonly string[])[],
  members: readonly KnownMember[] = [],
  organisation = 'cty',
) => {
  const { rows } = await wholeRegister(Buffer.from(csvText([header, ...given])));
  const planner = importPlanner({ tree, organisation: org(organisation), today });
  const recognise = recogniser(members);
  return rows
    .map((row) => planner.plan(row, MemberId.parse(`row-${row.row}`), recognise))
    .map(planner.settle)
    .map((planned) => {
      switch (planned.outcome) {
        case 'admit':
          return { outcome: 'admit', organisation: planned.organisation, from: planned.from };
        case 'change':
          return { outcome: 'change', member: planned.id, ...planned.change };
        case 'unchanged':
          return { outcome: 'unchanged' };
        case 'reject':
          return { outcome: 'reject', errors: planned.errors.map(({ column, code }) => `${column} ${code}`) };
      }
    });
};

const rejected = (...errors: string[]) => [{ outcome: 'reject', errors }];

describe('The cell of a row', () => {
  it.each([
    'Phân xưởng 1',
    'CHI BỘ PHÂN XƯỞNG 1',
    'chi bo phan xuong 1',
    'CB-px1',
    'cb-PX1',
    'Chi bộ Phân xưởng  1'.normalize('NFD'),
  ])('is found as %p', async (name) =>
    expect(await plan([row({ 'Chi bộ': name })])).toMatchObject([{ outcome: 'admit', organisation: 'px1' }]),
  );

  it('is looked for only under the organisation given', async () => {
    expect(await plan([row({ 'Chi bộ': 'Cơ khí' })])).toEqual(rejected('I cell-unknown'));
    expect(await plan([row({ 'Chi bộ': 'Cơ khí' })], [], 'vien')).toMatchObject([{ organisation: 'xa' }]);
  });

  it('must be one', async () => expect(await plan([row()], [], 'bloc')).toEqual(rejected('I cell-ambiguous')));

  it('must be named, unless it is the organisation given', async () => {
    expect(await plan([row({ 'Chi bộ': '' })])).toEqual(rejected('I cell-missing'));
    expect(await plan([row({ 'Chi bộ': '' })], [], 'px2')).toMatchObject([{ outcome: 'admit', organisation: 'px2' }]);
    expect(await plan([row()], [], 'px2')).toEqual(rejected('I cell-unknown'));
  });
});

describe('A member not known yet', () => {
  it('is in the cell from its first day, or from the day of coming', async () => {
    expect(await plan([row()])).toMatchObject([{ from: '2000-01-01' }]);
    expect(await plan([row({ 'Ngày vào Đảng': '19/5/2010', 'Ngày chính thức': '' })])).toMatchObject([
      { from: '2010-05-19' },
    ]);
    expect(await plan([row({ 'Chuyển đến': '1/7/2012, từ Quận 1' })])).toMatchObject([{ from: '2012-07-01' }]);
  });

  it('cannot have died before the cell began, nor do anything tomorrow', async () => {
    expect(await plan([row({ 'Từ trần': '1/1/1999' })])).toEqual(rejected('G left-before-cell-began'));
    expect(await plan([row({ 'Từ trần': '1/7/2012', 'Chuyển đến': '1/7/2012' })])).toEqual(
      rejected('G left-on-day-of-coming'),
    );
    expect(await plan([row({ 'Từ trần': '1/1/2015' })])).toEqual(rejected('G day-in-future'));
  });

  it('stands in the file once; namesakes with cards of their own are two', async () => {
    expect(await plan([row(), row({ 'Họ và tên': 'LE AN', 'Số thẻ': '' })])).toMatchObject([
      { outcome: 'admit' },
      { errors: ['A duplicate-row'] },
    ]);
    expect(await plan([row(), row({ 'Số thẻ': '52.002' })])).toMatchObject([
      { outcome: 'admit' },
      { outcome: 'admit' },
    ]);
    expect(await plan([row(), row({ 'Họ và tên': 'Lê Bình' })])).toMatchObject([
      { outcome: 'admit' },
      { outcome: 'reject' },
    ]);
  });
});

describe('The days of a row', () => {
  const finding = async (changes: Record<string, string>) => {
    const [planned] = await plan([row(changes)]);
    return planned && 'errors' in planned ? planned.errors : [];
  };

  it('that is wrong is found once, and no right one beside it', async () => {
    expect(await finding({ 'Ngày vào Đảng': '31/12/2104', 'Ngày chính thức': '31/12/2014' })).toEqual([
      'C day-in-future',
    ]);
    expect(await finding({ 'Ngày sinh': '1/2/2975' })).toEqual(['B day-in-future']);
    expect(
      await finding({ 'Ngày vào Đảng': '3/2/2013', 'Ngày chính thức': '3/2/1996', 'Từ trần': '31/12/2012' }),
    ).toEqual(['C days-out-of-order']);
    expect(await finding({ 'Ngày vào Đảng': '31/02/1995', 'Ngày chính thức': '31/12/2014' })).toEqual([
      'C day-invalid',
    ]);
    expect(await finding({ 'Ngày chính thức': '31/12/2014', 'Từ trần': '31/12/2014' })).toEqual([]);
  });

  it('of which one of two is wrong are told at the later one', async () => {
    expect(await finding({ 'Ngày chính thức': '3/2/1994' })).toEqual(['D days-out-of-order']);
    expect(await finding({ 'Ngày chính thức': '3/2/1995' })).toEqual(['D days-out-of-order']);
    expect(await finding({ 'Từ trần': '3/2/1996', 'Chuyển đến': '4/2/1996' })).toEqual(['G days-out-of-order']);
    expect(await finding({ 'Ngày sinh': '4/2/1995' })).toEqual(['C days-out-of-order']);
  });

  it('are looked at beside other faults', async () =>
    expect(await finding({ 'Họ và tên': '', 'Ngày chính thức': '3/2/1994', 'Từ trần': '1/1/2015' })).toEqual([
      'A name-missing',
      'G day-in-future',
      'D days-out-of-order',
    ]));

  it('of a birth date beside the name stand in the column of the name', async () => {
    const { rows } = await wholeRegister(
      Buffer.from(
        csvText([
          ['Họ và tên, ngày sinh', 'Ngày vào Đảng'],
          ['Lê An 1/2/2015', '3/2/1995'],
        ]),
      ),
    );
    const planner = importPlanner({ tree, organisation: org('px1'), today });
    const planned = rows.map((each) => planner.plan(each, MemberId.parse('own'), recogniser([])));
    expect(planned).toMatchObject([{ errors: [{ column: 'A', value: '01/02/2015', code: 'day-in-future' }] }]);
  });

  it('in the second of two columns for the same are found there', async () => {
    const header = ['Họ và tên', 'Năm sinh nam', 'Năm sinh nữ', 'Ngày vào Đảng'];
    const { rows } = await wholeRegister(Buffer.from(csvText([header, ['Lê An', '', '1/2/19770', '3/2/1995']])));
    const planner = importPlanner({ tree, organisation: org('px1'), today });
    const planned = rows.map((each) => planner.plan(each, MemberId.parse('own'), recogniser([])));
    expect(planned).toMatchObject([{ errors: [{ column: 'C', value: '1/2/19770', code: 'day-invalid' }] }]);
  });
});

describe('What a finding quotes', () => {
  const quoted = async (changes: Record<string, string>, ...members: KnownMember[]) => {
    const { rows } = await wholeRegister(Buffer.from(csvText([header, row(changes)])));
    const planner = importPlanner({ tree, organisation: org('cty'), today });
    const planned = rows.map((each) => planner.plan(each, MemberId.parse('own'), recogniser(members)));
    return planned.flatMap((each) => (each.outcome === 'reject' ? each.errors.map(({ value }) => value) : []));
  };

  it('is what stands in the cell', async () => {
    expect(await quoted({ 'Chi bộ': 'Phòng  khác' })).toEqual(['Phòng khác']);
    expect(await quoted({ 'Họ và tên': 'Lê 7' })).toEqual(['Lê 7']);
    expect(await quoted({ 'Họ và tên': 'Vũ Hà', 'Ngày sinh': '9/9/1980' }, known)).toEqual(['52.001']);
    expect(await quoted({ 'Từ trần': '5/5/2013' }, { ...known, left: { on: day('2013-05-06') } })).toEqual([
      '05/05/2013',
    ]);
    expect(await quoted({ 'Nghề nghiệp': '#REF!' })).toEqual(['#REF!']);
    expect(await quoted({ 'Ngày vào Đảng': '' })).toEqual([undefined]);
  });

  it('is who is recorded elsewhere, and the cell is named', async () => {
    const { rows } = await wholeRegister(Buffer.from(csvText([header, row({ 'Chi bộ': 'Phân xưởng 2' })])));
    const planner = importPlanner({ tree, organisation: org('cty'), today });
    const planned = rows.map((each) => planner.plan(each, MemberId.parse('own'), recogniser([known])));
    const facts = { cell: 'Chi bộ Phân xưởng 1', from: '2000-01-01' };
    expect(planned).toMatchObject([{ errors: [{ column: 'A', value: 'Lê An', facts }] }]);
  });

  it('is cut when it is long', async () =>
    expect(await quoted({ 'Nghề nghiệp': 'x'.repeat(501) })).toEqual([`${'x'.repeat(60)}…`]));
});

describe('Rows of namesakes', () => {
  const without = { 'Ngày sinh': '', 'Số thẻ': '' };

  it('without a birth date are two only when both have a card', async () => {
    const second = [{ outcome: 'admit' }, { outcome: 'reject', errors: ['A namesake-in-another-row'] }];
    expect(await plan([row(without), row(without)])).toMatchObject(second);
    expect(await plan([row(without), row()])).toMatchObject(second);
    expect(await plan([row(), row(without)])).toMatchObject(second);
    expect(await plan([row({ 'Số thẻ': '' }), row({ 'Ngày sinh': '' })])).toMatchObject(second);
    expect(await plan([row({ 'Ngày sinh': '' }), row({ 'Ngày sinh': '', 'Số thẻ': '52.002' })])).toMatchObject([
      { outcome: 'admit' },
      { outcome: 'admit' },
    ]);
  });

  it('are one when their cards differ only in how the figures are written', async () =>
    expect(await plan([row(), row({ 'Ngày sinh': '', 'Số thẻ': '52001' })])).toMatchObject([
      { outcome: 'admit' },
      { outcome: 'reject', errors: ['A duplicate-row'] },
    ]));
});

describe('The card of another row', () => {
  it('is the fault of the number, not of the member, where the names differ', async () => {
    for (const card of ['52.001', '52001']) {
      const other = row({ 'Họ và tên': 'Lê An Hai', 'Ngày sinh': '3/2/1971', 'Số thẻ': card });
      expect(await plan([row(), other])).toMatchObject([
        { outcome: 'admit' },
        { outcome: 'reject', errors: ['E card-in-another-row'] },
      ]);
    }
  });
});

describe('A known member', () => {
  it('is known again by card number, or by name, birth date and date admitted', async () => {
    expect(await plan([row()], [known])).toEqual([{ outcome: 'unchanged' }]);
    expect(await plan([row({ 'Số thẻ': '' })], [known])).toEqual([{ outcome: 'unchanged' }]);
    expect(await plan([row({ 'Họ và tên': 'Lê Văn An' })], [known])).toEqual([
      { outcome: 'change', member: 'an', corrections: { name: 'Lê Văn An' } },
    ]);
  });

  it('keeps a card number that only is written otherwise', async () =>
    expect(await plan([row({ 'Số thẻ': '52001', 'Nghề nghiệp': 'Kỹ sư' })], [{ ...known, code: '52 001' }])).toEqual([
      { outcome: 'change', member: 'an', corrections: { job: 'Kỹ sư' } },
    ]));

  it('who was erased is not brought back', async () =>
    expect(await plan([row()], [{ ...known, name: '' }])).toEqual(rejected('E member-erased')));

  it('is not taken for another with the same card', async () =>
    expect(await plan([row({ 'Họ và tên': 'Vũ Hà', 'Ngày sinh': '9/9/1980' })], [known])).toEqual(
      rejected('E card-of-another'),
    ));

  it('keeps what the register leaves blank', async () =>
    expect(await plan([row({ 'Nghề nghiệp': '', 'Ngày chính thức': '' })], [known])).toEqual([
      { outcome: 'unchanged' },
    ]));

  it('is corrected, becomes official, moves or leaves as the register tells', async () => {
    expect(
      await plan([row({ 'Nghề nghiệp': 'Kỹ sư', 'Ngày chính thức': '4/2/1996', 'Số thẻ': '52.009' })], [known]),
    ).toEqual([
      { outcome: 'change', member: 'an', corrections: { job: 'Kỹ sư', officialOn: '1996-02-04', code: '52.009' } },
    ]);
    expect(await plan([row()], [{ ...known, officialOn: undefined, standing: 'probationary' }])).toEqual([
      { outcome: 'change', member: 'an', corrections: {}, officialisedOn: '1996-02-03' },
    ]);
    expect(await plan([row()], [{ ...known, officialOn: undefined }])).toEqual([
      { outcome: 'change', member: 'an', corrections: { officialOn: '1996-02-03' } },
    ]);
    expect(await plan([row({ 'Chi bộ': 'Phân xưởng 2', 'Chuyển đến': '1/7/2012' })], [known])).toEqual([
      { outcome: 'change', member: 'an', corrections: {}, transfer: { cell: 'px2', on: '2012-07-01' } },
    ]);
    expect(await plan([row({ 'Từ trần': '5/5/2013' })], [known])).toEqual([
      { outcome: 'change', member: 'an', corrections: {}, left: { on: '2013-05-05', reason: 'died' } },
    ]);
    expect(await plan([row({ 'Chuyển đến': '1/7/2012' })], [known])).toEqual([
      { outcome: 'change', member: 'an', corrections: { from: '2012-07-01' } },
    ]);
  });

  it('is not moved or brought back without a day', async () => {
    expect(await plan([row({ 'Chi bộ': 'Phân xưởng 2' })], [known])).toEqual(rejected('A member-in-another-cell'));
    expect(await plan([row({ 'Chi bộ': 'Phân xưởng 2', 'Chuyển đến': '1/7/1999' })], [known])).toEqual(
      rejected('F transfer-before-stay'),
    );
    const left = { ...known, left: { on: day('2013-05-05') } };
    expect(await plan([row()], [left])).toEqual(rejected('A member-has-left'));
    expect(await plan([row({ 'Từ trần': '5/5/2013' })], [left])).toEqual([{ outcome: 'unchanged' }]);
    expect(await plan([row({ 'Từ trần': '6/5/2013' })], [left])).toEqual(rejected('G member-left-otherwise'));
  });
});
