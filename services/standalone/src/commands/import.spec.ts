import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { get } from '../testing/keyed-client.ts';
import { asXlsx } from '../testing/large-register.ts';
import { type RunningProcess, startProcess } from '../testing/running-process.ts';
import { failureIn, jsonOf, phancong, smallCommittee, temporaryFolder, told } from '../testing/run-command.ts';

const LONG = 60_000;

const count = z.int().nonnegative();
const counts = { rows: count, accepted: count, changed: count, rejected: count, unchanged: count };
const Finding = z.strictObject({
  sheet: z.string(),
  row: z.int(),
  column: z.string(),
  cell: z.string().optional(),
  value: z.string().optional(),
  code: z.string(),
  message: z.string(),
});
const Report = z.strictObject({
  ...counts,
  dryRun: z.boolean(),
  summary: z.string(),
  perOrganisation: z.array(
    z.strictObject({ organisation: z.strictObject({ id: z.string(), name: z.string() }), ...counts }),
  ),
  dropped: z.array(z.strictObject({ sheet: z.string(), column: z.string(), header: z.string(), field: z.string() })),
  skippedSheets: z.array(z.string()),
  errors: z.array(Finding),
  errorsLeftOut: z.literal(0),
  warnings: z.array(Finding),
  warningsLeftOut: z.literal(0),
  position: z.string().optional(),
});
const Members = z.object({ items: z.array(z.object({ code: z.string() })) });

const HEADER = 'Số thẻ;Họ và tên;Ngày sinh;Ngày vào Đảng;Ngày chính thức;Tôn giáo';
const HAU = '101;Trần Thị Hậu;02/09/1970;19/05/1999;19/05/2000;Không';
const HA = '102;Lê Văn Hà;30/04/1975;03/02/2005;03/02/2006;Không';
const LAN = '103;Vũ Thị Lan;08/03/1980;03/02/2008;03/02/2009;Không';
const IMPOSSIBLE = '104;Vũ Thị Hòa;31/02/1980;03/02/2008;03/02/2009;Không';
const PARTIAL = '106;Đỗ Tư;1985;03/02/2010;03/02/2011;Không';
const NAM = '107;Đỗ Nam;20/11/1986;03/02/2010;03/02/2011;Không';
const THU = '105;Đỗ Thu;20/11/1985;03/02/2010;03/02/2011;Không';

const cellOf = (id: string) => ({
  path: '/membership/organisations',
  body: { id, code: id.toUpperCase(), name: `Chi bộ ${id}`, kind: 'cell', parent: 'cang', from: '2014-01-01' },
});

describe('phancong import', () => {
  let folder = temporaryFolder();
  let dataDir = '';
  let server: RunningProcess | undefined;
  beforeAll(async () => {
    folder = temporaryFolder();
    dataDir = join(folder.path, 'data');
    mkdirSync(dataDir);
    server = await startProcess(dataDir, '--empty');
    await told(server.url, [...smallCommittee.slice(0, 2), cellOf('cau'), cellOf('bai')]);
  }, LONG);
  afterAll(async () => {
    await server?.kill();
    folder.remove();
  });

  const register = (...rows: readonly string[]): string => {
    const file = join(folder.path, `${randomUUID()}.csv`);
    writeFileSync(file, `${[HEADER, ...rows].join('\r\n')}\r\n`);
    return file;
  };
  const imported = (file: string, cell: string, ...options: readonly string[]) =>
    phancong(dataDir, ['import', file, '--organisation', cell, '--json', ...options]);
  const codesIn = async (cell: string, position = 'membership-0') => {
    const { body } = await get(
      String(server?.url),
      `/membership/members?organisation=${cell}&asOf=2014-12-31&position=${position}`,
    );
    return Members.parse(JSON.parse(body)).items.map(({ code }) => code);
  };

  it(
    'checks, imports, and finds nothing new the second time',
    async () => {
      const file = register(HAU, HA);

      const checked = await imported(file, 'kho', '--dry-run');
      expect(checked.exitCode).toBe(0);
      expect(jsonOf(Report, checked)).toMatchObject({ dryRun: true, rows: 2, accepted: 2, rejected: 0 });
      expect(await codesIn('kho')).toEqual([]);

      const first = await imported(file, 'kho');
      expect(first.exitCode).toBe(0);
      const report = jsonOf(Report, first);
      expect(report).toMatchObject({ dryRun: false, rows: 2, accepted: 2, unchanged: 0, errors: [] });
      expect(report.dropped).toMatchObject([{ header: 'Tôn giáo', field: 'religion' }]);
      expect(report.perOrganisation).toMatchObject([{ organisation: { id: 'kho', name: 'Chi bộ Kho' }, accepted: 2 }]);
      expect([...(await codesIn('kho', report.position))].sort()).toEqual(['101', '102']);

      const again = await imported(file, 'kho');
      expect(again.exitCode).toBe(0);
      expect(jsonOf(Report, again)).toMatchObject({ rows: 2, accepted: 0, changed: 0, unchanged: 2, rejected: 0 });
    },
    LONG,
  );

  it(
    'imports what it can, and says where the rest is wrong',
    async () => {
      const ended = await imported(register(LAN, IMPOSSIBLE), 'cau');
      expect(ended.exitCode).toBe(1);
      const report = jsonOf(Report, ended);
      expect(report).toMatchObject({
        accepted: 1,
        rejected: 1,
        errors: [{ cell: 'C3', value: '31/02/1980', code: 'day-invalid' }],
      });
      expect(failureIn(ended)).toMatchObject({ code: 'rows-rejected' });
      expect(await codesIn('cau', report.position)).toEqual(['103']);
    },
    LONG,
  );

  const shown = (file: string, ...options: readonly string[]) =>
    phancong(dataDir, ['import', file, '--organisation', 'bai', ...options], { LC_ALL: 'vi' });

  it(
    'shows people what would come of it, and that nothing was recorded',
    async () => {
      const { exitCode, stdout } = await shown(register(NAM, PARTIAL, IMPOSSIBLE), '--dry-run');
      expect(exitCode).toBe(1);
      expect(stdout.split('\n').filter((line) => !/^[┌├└]/.test(line))).toEqual([
        'KIỂM TRA THỬ: CHƯA GHI GÌ VÀO DỮ LIỆU.',
        expect.stringMatching(/^│ Tổ chức +│ Số dòng +│ Sẽ nhập mới │ Sẽ thay đổi │ Không đổi │ Không nhập được │$/),
        expect.stringMatching(/^│ Chi bộ bai +│ 3 +│ 2 +│ 0 +│ 0 +│ 1 +│$/),
        expect.stringMatching(/^│ Tổng cộng +│ 3 +│ 2 +│ 0 +│ 0 +│ 1 +│$/),
        '',
        'Lỗi, những dòng này sẽ không được nhập:',
        '  Ô C4, “31/02/1980”: Không đọc được ngày, hoặc không có ngày này: viết dd/mm/yyyy.',
        '',
        'Nên xem lại, những dòng này vẫn được nhập:',
        '  Ô C3, “1985”: Chỉ có năm (hoặc tháng) sinh: nếu chưa có ngày sinh khớp thì ghi ngày đầu của năm (tháng) đó.',
        '',
        'Cột F “Tôn giáo”: phần mềm không lưu tôn giáo.',
        '',
        'Kiểm tra thử, chưa ghi gì vào dữ liệu. Nếu nhập: nhập mới 2, thay đổi 0, không đổi 0, không nhập được 1, trong 3 dòng.',
        'Để nhập, chạy lại lệnh này không có --dry-run.',
        '',
      ]);
    },
    LONG,
  );

  it(
    'shows people what was imported',
    async () => {
      const { exitCode, stdout } = await shown(register(THU));
      expect(exitCode).toBe(0);
      expect(stdout.split('\n').filter((line) => !/^[┌├└]/.test(line))).toEqual([
        expect.stringMatching(/^│ Tổ chức +│ Số dòng +│ Đã nhập mới │ Đã thay đổi │ Không đổi │ Không nhập được │$/),
        expect.stringMatching(/^│ Chi bộ bai +│ 1 +│ 1 +│ 0 +│ 0 +│ 0 +│$/),
        expect.stringMatching(/^│ Tổng cộng +│ 1 +│ 1 +│ 0 +│ 0 +│ 0 +│$/),
        '',
        'Cột F “Tôn giáo”: phần mềm không lưu tôn giáo.',
        '',
        'Nhập mới 1, thay đổi 0, không đổi 0, không nhập được 0, trong 1 dòng.',
        '',
      ]);
      const changed = await shown(register(THU.replace('Đỗ Thu', 'Đỗ Thị Thu')));
      expect(changed.stdout).toMatch(/│ Tổng cộng +│ 1 +│ 0 +│ 1 +│ 0 +│ 0 +│/);
    },
    LONG,
  );

  it(
    'names the sheet where a workbook has one, and the row where it has no such column',
    async () => {
      const header = ['Họ và tên', 'Số thẻ'];
      const bytes = await asXlsx([header, ['Lê An', '109'], header.map(() => '')]);
      const file = join(folder.path, `${randomUUID()}.xlsx`);
      writeFileSync(file, bytes);
      const { stdout } = await shown(file, '--dry-run');
      expect(stdout).toContain('  Trang “Danh sách”, dòng 2: Thiếu ngày vào Đảng.');
      const english = await phancong(dataDir, ['import', file, '--organisation', 'bai', '--dry-run']);
      expect(english.stdout).toContain('A DRY RUN: NOTHING WAS RECORDED.');
      expect(english.stdout).toContain('  Sheet “Danh sách”, row 2: The date admitted is missing.');
    },
    LONG,
  );

  it(
    'says where the columns of a register are described',
    async () => {
      const { exitCode, stdout } = await phancong(dataDir, ['import', '--help'], { LC_ALL: 'vi' });
      expect(exitCode).toBe(0);
      expect(stdout).toContain('Các cột của sổ, và một tệp mẫu: docs/register-import.md');
    },
    LONG,
  );

  it(
    'of an unknown organisation, of no register, or without a file is refused',
    async () => {
      const rubbish = join(folder.path, 'rubbish.csv');
      writeFileSync(rubbish, Buffer.from([0, 1, 2, 3]));
      const refused = await Promise.all([
        imported(register(THU), 'xx'),
        imported(rubbish, 'bai'),
        imported(join(folder.path, 'missing.csv'), 'bai'),
        imported(folder.path, 'bai'),
      ]);
      expect(refused.map((ended) => [ended.exitCode, ended.stdout, failureIn(ended).code])).toEqual([
        [1, '', 'organisation-not-found'],
        [1, '', 'file-not-a-register'],
        [2, '', 'no-such-file'],
        [2, '', 'no-such-file'],
      ]);
    },
    LONG,
  );

  it(
    'needs no server',
    async () => {
      const other = temporaryFolder();
      const without = (...options: readonly string[]) =>
        phancong(other.path, ['import', register(THU), '--organisation', 'kho', '--json', ...options]);
      const prepared = await startProcess(other.path, '--empty');
      await told(prepared.url, smallCommittee.slice(0, 2));
      await prepared.stop();
      const [first, again] = [await without(), await without('--dry-run')];
      other.remove();
      expect([first.exitCode, again.exitCode]).toEqual([0, 0]);
      expect(jsonOf(Report, first)).toMatchObject({ accepted: 1 });
      expect(jsonOf(Report, again)).toMatchObject({ unchanged: 1 });
    },
    LONG,
  );

  it(
    'without a data folder is refused and makes none',
    async () => {
      const nowhere = join(folder.path, 'nowhere');
      const ended = await phancong(nowhere, ['import', register(THU), '--organisation', 'kho', '--json']);
      expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
      expect(failureIn(ended)).toEqual({ code: 'no-data-folder', detail: expect.stringContaining(nowhere) });
      expect(existsSync(nowhere)).toBe(false);
    },
    LONG,
  );
});
