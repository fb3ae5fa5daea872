import { Refusal } from '@phancong/event-sourcing';
import fc from 'fast-check';
import { crc32, deflateRawSync } from 'node:zlib';
import { cellRegister, committeeRegister, csvText, xlsx } from '../testing/register-files.ts';
import { wholeRegister } from '../testing/whole-register.ts';

const seed = process.env['FC_SEED'] === undefined ? {} : { seed: Number(process.env['FC_SEED']) };
const refusalOf = async (bytes: Buffer): Promise<string> => {
  try {
    await wholeRegister(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};

/** A ZIP of one entry whose headers claim `claimed` bytes. */
function zipOf(name: string, content: Buffer, claimed = content.length, flags = 0): Buffer {
  const data = deflateRawSync(content);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(flags, 2);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(claimed, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), data]);
  const central = Buffer.concat([
    Buffer.from('PK\u0001\u0002\u0014\u0000'),
    common,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

describe('A file that is no register', () => {
  const text = csvText(cellRegister);
  // Nguyễn Văn An, Trần Thị Bình, Đặng Hữu Hậu in the TCVN3 font, as its letters look in Unicode.
  const tcvn3 = 'Hä vµ tªn,Ngµy sinh,Ngµy vµo §¶ng\nNguyÔn V¨n An,1/2/1970,3/2/1995\nTrÇn ThÞ B×nh,1/2/1970,3/2/1995\n';

  it.each([
    ['file-empty', Buffer.alloc(0)],
    ['file-not-a-register', Buffer.alloc(100_000, 7)],
    ['file-not-a-register', Buffer.from('%PDF-1.7\n\u0000\u0001\u0002')],
    ['file-old-excel', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
    ['file-legacy-encoding', Buffer.from(tcvn3, 'latin1')],
    ['file-legacy-encoding', Buffer.from(tcvn3)],
    ['file-legacy-encoding', Buffer.from(Buffer.from(text).toString('latin1'))],
    ['file-without-register', Buffer.from('Chào các đồng chí,\nđây là một bức thư.\n')],
    ['file-without-register', Buffer.from('"'.repeat(1_000))],
    ['file-not-a-register', Buffer.alloc(200_000, ',')],
    ['file-too-large', Buffer.alloc(33 * 1024 * 1024, 'a,b\n')],
    ['file-too-large', Buffer.alloc(100 * 1024 * 1024, 7)],
    ['file-broken', Buffer.from('PK\u0003\u0004 and no more')],
    ['file-broken', Buffer.from(text + '"Lê')],
    ['file-not-a-register', zipOf('word/document.xml', Buffer.from('<x/>'))],
    ['file-encrypted', zipOf('xl/workbook.xml', Buffer.from('<x/>'), 4, 1)],
  ])('is refused with %s', async (code, bytes) => expect(await refusalOf(bytes)).toBe(code));

  it('is refused with its limit when it has too many rows', async () =>
    expect(await refusalOf(Buffer.from('a,b\n'.repeat(75_001)))).toBe('file-too-many-rows'));

  it('is refused before it is unpacked when it is a bomb, also one that lies about its size', async () => {
    const zeros = Buffer.alloc(8 * 1024 * 1024);
    expect(await refusalOf(zipOf('xl/workbook.xml', zeros))).toBe('file-too-large');
    expect(await refusalOf(zipOf('xl/workbook.xml', zeros, 1_000))).toBe('file-broken');
    expect(await refusalOf(zipOf('xl/workbook.xml', Buffer.from('<x/>'), 0xfffffff0))).toBe('file-too-large');
  });

  it('is refused when a part is not as it was packed', async () => {
    const bytes = await xlsx(committeeRegister);
    const entry = bytes.indexOf('xl/worksheets/sheet1.xml', bytes.indexOf('PK\u0001\u0002')) - 46;
    bytes.writeUInt8(bytes.readUInt8(entry + 16) ^ 1, entry + 16);
    expect(await refusalOf(bytes)).toBe('file-broken');
  });

  it('is never half read: a broken one gives a result or a clear refusal, and no other error', async () => {
    const files = [await xlsx(committeeRegister), Buffer.from(text), Buffer.from('\ufeff' + text, 'utf16le')];
    const file = fc.constantFrom(...files);
    const truncated = fc.tuple(file, fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % bytes.length));
    const mutated = fc
      .tuple(file, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }))
      .map(([bytes, changes]) => {
        const copy = Buffer.from(bytes);
        for (const [at, byte] of changes) copy[at % copy.length] = byte;
        return copy;
      });
    const rubbish = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));
    const framed = rubbish.map((bytes) => Buffer.concat([Buffer.from('PK\u0003\u0004'), bytes]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(truncated, mutated, rubbish, framed), async (bytes) => {
        expect(await refusalOf(bytes)).toMatch(/^(read|file-[a-z-]+)$/);
      }),
      { ...seed, numRuns: 400 },
    );
  });
});
