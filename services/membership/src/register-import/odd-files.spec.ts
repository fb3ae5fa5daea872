import { Refusal } from '@phancong/event-sourcing';
import { crc32, deflateRawSync } from 'node:zlib';
import { wholeRegister } from '../testing/whole-register.ts';
import { readWorkbook } from './workbook.ts';

interface Part {
  readonly content: Buffer | string;
  readonly stored?: boolean;
  /** What the directory, or the part's own header, says instead of the truth. */
  readonly claimed?: number;
  readonly claimedHere?: number;
  readonly crc?: number;
  readonly method?: number;
}

/** A ZIP file of these parts. */
function zip(parts: Readonly<Record<string, Part>>): Buffer {
  const files: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, { content, stored = false, ...lies }] of Object.entries(parts)) {
    const bytes = Buffer.from(content);
    const data = stored ? bytes : deflateRawSync(bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(lies.method ?? (stored ? 0 : 8), 4);
    fields.writeUInt32LE(lies.crc ?? crc32(bytes), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(lies.claimed ?? bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const own = Buffer.from(fields);
    own.writeUInt32LE(lies.claimedHere ?? lies.claimed ?? bytes.length, 18);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    const file = Buffer.concat([Buffer.from('PK\u0003\u0004'), own, Buffer.from(name), data]);
    files.push(file);
    entries.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), fields, rest, Buffer.from(name)]));
    offset += file.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, directory, end]);
}

const relation = (id: string, kind: string): string =>
  `<Relationship Id="${id}" Type="x/${kind}" Target="${kind}.xml"/>`;
const cell = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
const row = (...texts: string[]): string => `<row>${texts.map(cell).join('')}</row>`;
const rows = [row('Họ và tên', 'Ngày vào Đảng'), row('Lê An', '3/2/1995')].join('');

/** A workbook of one sheet and a chart, with these parts beside those that every workbook has or instead of them. */
const workbook = (parts: Readonly<Record<string, Part>> = {}): Buffer =>
  zip({
    'xl/workbook.xml': {
      content: '<workbook><sheets><sheet name="Biểu đồ" r:id="r3"/><sheet name="S" r:id="r1"/></sheets></workbook>',
    },
    'xl/_rels/workbook.xml.rels': {
      content: `<Relationships>${relation('r1', 'worksheet')}${relation('r2', 'sharedStrings')}${relation('r3', 'chartsheet')}</Relationships>`,
    },
    'xl/worksheet.xml': { content: `<worksheet>${rows}</worksheet>` },
    'xl/chartsheet.xml': { content: `<chartsheet>${row('Biểu đồ')}</chartsheet>` },
    ...parts,
  });

const outcome = async (bytes: Buffer): Promise<string> => {
  try {
    return (await wholeRegister(bytes)).rows.map(({ member }) => member?.name).join();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};
const MB = 1024 * 1024;
/** Claims to shrink much, but not so much that it must be a bomb. */
const nearBomb: Part = { content: Buffer.alloc(400_000, 'x'), stored: true, claimed: 60 * MB };
const sheet = (content: string, lies: Omit<Part, 'content'> = {}) =>
  workbook({ 'xl/worksheet.xml': { content: `<worksheet>${content}</worksheet>`, ...lies } });

describe('A workbook', () => {
  it('is read with a chart beside, and with parts that are not compressed', async () => {
    expect(await outcome(workbook())).toBe('Lê An');
    expect((await wholeRegister(workbook())).skipped).toEqual([]);
    expect(await outcome(sheet(rows, { stored: true }))).toBe('Lê An');
  });

  it.each<readonly [string, string, () => Buffer]>([
    ['a part that unpacks to more than it claims', 'file-broken', () => sheet(rows, { claimed: 40 })],
    ['a part that unpacks to less than it claims', 'file-broken', () => sheet(rows, { claimed: 4_000 })],
    ['headers that contradict each other', 'file-broken', () => sheet(rows, { claimedHere: 40 })],
    ['a wrong checksum', 'file-broken', () => sheet(rows, { crc: 1 })],
    ['a way of packing that nobody uses', 'file-broken', () => sheet(rows, { method: 12 })],
    ['a part that ends in the middle', 'file-broken', () => sheet(`${rows}<row><c`, {})],
    ['a bomb beside', 'file-too-large', () => workbook({ 'xl/x.xml': { content: Buffer.alloc(5 * MB) } })],
    ['more in all than there may be', 'file-too-large', () => workbook({ 'xl/x.xml': nearBomb, 'xl/y.xml': nearBomb })],
    [
      'thousands of parts',
      'file-too-large',
      () => workbook(Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`x${at}`, { content: '' }]))),
    ],
    ['too many rows', 'file-too-many-rows', () => sheet(rows + row('x').repeat(75_000), { stored: true })],
  ])('is refused with %s: %s', async (_, code, bytes) => expect(await outcome(bytes())).toBe(code), 60_000);

  it('is looked at in its first 60 columns', async () => {
    const wide = sheet(`<row>${cell('x').repeat(59)}${cell('last')}${cell('beyond')}</row>`);
    for await (const { rows: read } of readWorkbook(wide)) {
      for await (const { cells } of read) expect([cells.length, cells.at(-1)]).toEqual([60, 'last']);
    }
  });

  it('has texts of several runs, without how they are spoken', async () => {
    const shared = '<sst><si><r><t>Lê </t></r><r><t>An</t></r><rPh sb="0" eb="1"><t>xx</t></rPh></si></sst>';
    const member = `<row><c t="s"><v>0</v></c>${cell('3/2/1995')}</row>`;
    const bytes = workbook({
      'xl/sharedStrings.xml': { content: shared },
      'xl/worksheet.xml': { content: `<worksheet>${row('Họ và tên', 'Ngày vào Đảng')}${member}</worksheet>` },
    });
    expect(await outcome(bytes)).toBe('Lê An');
  });
});

describe('A CSV', () => {
  const header = 'Họ và tên,Ngày vào Đảng\n';
  it.each([
    ['as many rows as there may be', 'Lê An', `${header}Lê An,3/2/1995\n${',\n'.repeat(10)}`],
    ['a hint of its delimiter', 'Lê An', 'sep=;\nHọ và tên;Ngày vào Đảng, ở đâu, ai\nLê An;3/2/1995\n,,;,,\n'],
    [
      'names of other peoples',
      'Đặng Hữu Hậu,Zoë Größe,Zoë Größe',
      `${header}Đặng Hữu Hậu,3/2/1995\n${'Zoë Größe,3/2/1996\n'.repeat(2)}`,
    ],
    ['a line without end', 'file-not-a-register', `${header}${'a'.repeat(100_001)}\n`],
    ['a quote without end', 'file-broken', `${header}"Lê An,3/2/1995\n`],
  ])('with %s gives %s', async (_, expected, text) => expect(await outcome(Buffer.from(text))).toBe(expected));
});
