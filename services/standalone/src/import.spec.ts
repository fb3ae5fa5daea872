import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { get, post } from './testing/keyed-client.ts';
import { asCsv, asXlsx, CELL_ROWS, largeRegister } from './testing/large-register.ts';
import { peakMemory, type PeakMemory } from './testing/peak-memory.ts';
import { type RunningProcess, startProcessWith } from './testing/running-process.ts';
import { tracesIn } from './testing/traces.ts';
import { type ZipOptions, zipOf } from './testing/zip-of.ts';

const ROWS = Number(process.env['IMPORT_ROWS'] ?? 3_000);
const CELLS = Math.ceil(ROWS / CELL_ROWS);
const LIMIT_MB = 512;
const LONG = 20 * 60_000;

const Report = z.object({
  ...{ rows: z.int(), accepted: z.int(), changed: z.int(), rejected: z.int(), unchanged: z.int() },
  perOrganisation: z.array(z.object({ rows: z.int(), accepted: z.int() })),
  errors: z.array(z.object({ row: z.int(), column: z.string(), code: z.string() })),
  warnings: z.array(z.object({ row: z.int(), column: z.string(), code: z.string() })),
  position: z.string().optional(),
});
const Problem = z.object({ code: z.string(), detail: z.string() });
const Page = z.object({ items: z.array(z.unknown()) });
const UnderWay = z.object({ items: z.array(z.object({ done: z.int(), rows: z.int() })) });
const Coverage = z.object({ due: z.int() });

describe('a register sent to the real server', () => {
  let folder = '';
  let temporary = '';
  let server: RunningProcess;
  let memory: PeakMemory;

  const ground = async (cells: number): Promise<void> => {
    const register = async (id: string, name: string, kind: string, parent?: string) => {
      const body = { id, code: id.toUpperCase(), name, kind, parent, from: '1940-01-01' };
      expect(await post(server.url, { key: id, path: '/membership/organisations', body })).toMatchObject({
        status: 201,
      });
    };
    await register('bloc', 'Đảng bộ Khối', 'bloc');
    for (let cell = 1; cell <= cells; cell += 1) await register(`cb-${cell}`, `Chi bộ số ${cell}`, 'cell', 'bloc');
  };

  const send = async (bytes: Buffer, dryRun: boolean, language = 'vi') => {
    const form = new FormData();
    form.set('organisation', 'bloc');
    form.set('file', new Blob([Uint8Array.from(bytes)]), 'so-dang-vien');
    const answer = await fetch(`${server.url}/membership/imports?dryRun=${dryRun}`, {
      method: 'POST',
      body: form,
      headers: { 'accept-language': language },
    });
    return { status: answer.status, body: await answer.json() };
  };
  const imported = async (bytes: Buffer, dryRun: boolean) => {
    const { status, body } = await send(bytes, dryRun);
    expect(status).toBe(200);
    const { perOrganisation, ...report } = Report.parse(body);
    return { cells: perOrganisation.length, ...report };
  };
  const members = async () => Page.parse(JSON.parse((await get(server.url, '/membership/members?limit=1')).body)).items;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'phancong-import-'));
    temporary = mkdtempSync(join(tmpdir(), 'phancong-import-temporary-'));
    server = await startProcessWith({ TMPDIR: temporary }, folder, '--empty');
    memory = peakMemory(server.pid);
  }, LONG);
  afterEach(async () => {
    memory.stop();
    await server.kill();
    for (const each of [folder, temporary]) rmSync(each, { recursive: true, force: true });
  });

  describe.each([
    ['CSV', async () => asCsv(largeRegister(ROWS))],
    ['XLSX', () => asXlsx(largeRegister(ROWS))],
  ])('as %s', (kind, made) => {
    it(
      `is tried, imported and recognised again within ${LIMIT_MB} MB: ${ROWS} rows`,
      async () => {
        await ground(CELLS);
        const bytes = await made();
        const measured: string[] = [];
        const step = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
          const from = performance.now();
          const result = await work();
          measured.push(
            `${name} ${((performance.now() - from) / 1_000).toFixed(1)} s`,
            `${memory.megabytes().toFixed(0)} MB`,
          );
          return result;
        };
        const none = { accepted: 0, changed: 0, rejected: 0, unchanged: 0, errors: [], warnings: [] };
        const all = { ...none, rows: ROWS, cells: CELLS };

        expect(await step('dry run', () => imported(bytes, true))).toEqual({ ...all, accepted: ROWS });
        expect(await members()).toEqual([]);

        const { position, ...real } = await step('import', () => imported(bytes, false));
        expect(real).toEqual({ ...all, accepted: ROWS });
        let coverage = { status: 0, body: '' };
        while (coverage.status !== 200) {
          coverage = await get(
            server.url,
            `/reporting/coverage?organisation=bloc&asOf=2014-12-31&position=${position}`,
          );
        }
        expect(Coverage.parse(JSON.parse(coverage.body))).toMatchObject({ due: ROWS });

        expect(await step('again', () => imported(bytes, false))).toEqual({ ...all, unchanged: ROWS });
        if (process.env['IMPORT_ROWS'] !== undefined) console.info(`${kind}, ${ROWS} rows: ${measured.join(', ')}`);
        expect(memory.megabytes()).toBeLessThan(LIMIT_MB);
      },
      LONG,
    );
  });

  it(
    'shows how far it is while it lasts',
    async () => {
      await ground(CELLS);
      let answered = false;
      const answer = imported(asCsv(largeRegister(ROWS)), false).finally(() => {
        answered = true;
      });
      const seen: number[] = [];
      while (!answered) {
        const { items } = UnderWay.parse(JSON.parse((await get(server.url, '/membership/imports')).body));
        seen.push(...items.filter(({ rows }) => rows === ROWS).map(({ done }) => done));
      }
      await answer;
      const between = seen.filter((done) => done > 0 && done < ROWS);
      expect(between.length).toBeGreaterThan(0);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect(UnderWay.parse(JSON.parse((await get(server.url, '/membership/imports')).body)).items).toEqual([]);
    },
    LONG,
  );

  /** Of whom nothing must be kept when the file is refused. */
  const SECRET = 'Lưu Bíchhợp';
  const text = `Họ và tên,Ngày sinh,Ngày vào Đảng\n${SECRET},1/2/1970,3/2/1995\n`;
  const rubbish = (bytes: number): Buffer => {
    const made = Buffer.allocUnsafe(bytes);
    let state = 1;
    for (let at = 0; at + 4 <= bytes; at += 4) {
      state = Math.imul(state, 1_664_525) + 1_013_904_223;
      made.writeInt32LE(state | 0, at);
    }
    return Buffer.concat([Buffer.from(SECRET), made]);
  };
  /** Shrinks to a tenth: too little for a bomb. */
  const noise = (bytes: number): Buffer => Buffer.alloc(bytes, Buffer.concat([rubbish(4_000), Buffer.alloc(36_000)]));
  const relation = (id: string, kind: string): string =>
    `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="${kind}.xml"/>`;
  /** A workbook with these parts beside those that every workbook has. */
  const workbook = (parts: Readonly<Record<string, Buffer>>, options?: ZipOptions): Buffer => {
    const usual = {
      workbook: '<workbook><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
      '_rels/workbook.xml.rels': `<Relationships>${relation('r1', 'worksheet')}${relation('r2', 'sharedStrings')}</Relationships>`,
      worksheet: `<worksheet><row><c t="inlineStr"><is><t>${SECRET}</t></is></c></row></worksheet>`,
    };
    const texts = Object.entries(usual).map(([name, xml]) => [name, Buffer.from(xml)] as const);
    const named = [...texts, ...Object.entries(parts)].map(
      ([name, content]) => [`xl/${name.includes('.') ? name : `${name}.xml`}`, content] as const,
    );
    return zipOf(Object.fromEntries(named), options);
  };
  const MB = 1024 * 1024;
  const blanks = { worksheet: Buffer.alloc(90 * MB, ' ') };
  /** Nguyễn Văn An in the TCVN3 font, as its letters look in Unicode. */
  const tcvn3 = 'Hä vµ tªn,Ngµy sinh,Ngµy vµo §¶ng\nNguyÔn V¨n An,1/2/1970,3/2/1995\nTrÇn ThÞ B×nh,1/2/1970,3/2/1995\n';

  it.each<readonly [string, string, number, () => Buffer | Promise<Buffer>]>([
    ['100 MB of rubbish', 'body-too-large', 413, () => rubbish(100 * MB)],
    ['100 MB of rows', 'body-too-large', 413, () => Buffer.alloc(100 * MB, text)],
    ['20 MB of rubbish', 'file-not-a-register', 422, () => rubbish(20 * MB)],
    ['33 MB of rows', 'body-too-large', 413, () => Buffer.alloc(33 * MB, text)],
    ['30 MB of rows', 'file-too-many-rows', 422, () => Buffer.alloc(30 * MB, text)],
    ['30 MB in one line', 'file-not-a-register', 422, () => Buffer.alloc(30 * MB, SECRET)],
    ['a bomb', 'file-too-large', 422, () => workbook(blanks)],
    ['a bomb that lies', 'file-broken', 422, () => workbook(blanks, { claimed: 999 })],
    ['larger unpacked', 'file-too-large', 422, () => workbook({ x: noise(60 * MB), y: noise(60 * MB) })],
    [
      'a row without end',
      'file-broken',
      422,
      () => workbook({ worksheet: Buffer.concat([Buffer.from('<row>'), rubbish(20 * MB)]) }),
    ],
    [
      'millions of texts',
      'file-too-large',
      422,
      () => workbook({ sharedStrings: Buffer.alloc(31 * MB, '<si/>') }, { stored: true }),
    ],
    ['a workbook that was cut off', 'file-broken', 422, async () => (await asXlsx([[text]])).subarray(0, 3_000)],
    ['a CSV that was cut off', 'file-broken', 422, () => Buffer.from(`${text}"${SECRET}`)],
    ['TCVN3', 'file-legacy-encoding', 422, () => Buffer.from(tcvn3)],
    ['an encoding of the past', 'file-legacy-encoding', 422, () => Buffer.from(tcvn3, 'latin1')],
    ['an old Excel file', 'file-old-excel', 422, () => Buffer.concat([Buffer.from('d0cf11e0', 'hex'), rubbish(MB)])],
    ['a letter', 'file-without-register', 422, () => Buffer.from(`Kính gửi đồng chí ${SECRET},\n`)],
  ])(
    'is refused when it is %s: %s in two languages, memory bounded, nothing kept',
    async (_, code, status, made) => {
      await ground(1);
      const bytes = await made();
      const [vi, en] = [await send(bytes, false, 'vi'), await send(bytes, false, 'en')];
      expect([vi, en]).toMatchObject([
        { status, body: { code } },
        { status, body: { code } },
      ]);
      const words = [vi, en].map(({ body }) => Problem.parse(body).detail);
      expect(words[0]).toMatch(/[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/u);
      expect(words[1]).toMatch(/^(The|There|This|An|A) /);
      expect(memory.megabytes()).toBeLessThan(LIMIT_MB);
      expect(await members()).toEqual([]);
      expect(readdirSync(temporary)).toEqual([]);
      expect(tracesIn(folder, [SECRET])).toEqual([]);
      expect(server.said()).not.toContain(SECRET);
    },
    LONG,
  );

  it('keeps a formula as the text or the value that it shows, and says so', async () => {
    await ground(1);
    const header = 'Họ và tên,Ngày vào Đảng,Nghề nghiệp,Chi bộ';
    const rows = `Lê An,3/2/1995,"=cmd|' /C calc'!A0",Chi bộ số 1\nVũ Hà,=DATE(1995;2;3),Thợ,Chi bộ số 1\n`;
    expect(await imported(Buffer.from(`${header}\n${rows}`), false)).toMatchObject({
      ...{ accepted: 1, rejected: 1 },
      warnings: [
        { row: 2, column: 'C', code: 'formula-text' },
        { row: 2, code: 'probation-overdue' },
      ],
      errors: [{ row: 3, column: 'B', code: 'day-invalid' }],
    });
  });
});
