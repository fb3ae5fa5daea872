import { crc32, createInflateRaw } from 'node:zlib';
import { MAX_UNPACKED_BYTES, refuseFile } from './file-refusal.ts';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const MAX_ENTRIES = 2_000;
/** Deflate can shrink rubbish a thousandfold; the sheets that people make stay far under this. */
const MAX_RATIO = 200;
const RATIO_MATTERS_FROM = 4 * 1024 * 1024;
const ENCRYPTED = 1;
const SIZES_FOLLOW_DATA = 8;
const PIECE_BYTES = 64 * 1024;

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly offset: number;
}

/** Unpacks a part, piece by piece. It throws Refusal `file-broken` as soon as the part is not what the directory claims. */
export type ZipPart = () => AsyncIterable<Buffer>;

/**
 * Looks through a ZIP file before anyone unpacks it.
 * @returns its parts by name
 * @throws Refusal `file-broken` (truncated, or sizes that lie), `file-encrypted`, `file-too-large` (a bomb)
 */
export function zipParts(bytes: Buffer): ReadonlyMap<string, ZipPart> {
  const entries = [...directory(bytes)];
  const total = entries.reduce((sum, { unpacked }) => sum + unpacked, 0);
  const bomb = entries.some(({ packed, unpacked }) => unpacked > RATIO_MATTERS_FROM && unpacked > packed * MAX_RATIO);
  if (total > MAX_UNPACKED_BYTES || bomb) throw refuseFile('file-too-large');
  return new Map(
    entries.map((entry) => {
      const data = dataOf(bytes, entry);
      return [entry.name, () => unpack(data, entry)] as const;
    }),
  );
}

function* directory(bytes: Buffer): Iterable<Entry> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 > bytes.length || bytes.readUInt32LE(end) !== END_OF_DIRECTORY)
    throw refuseFile('file-broken');
  const count = bytes.readUInt16LE(end + 10);
  if (count > MAX_ENTRIES) throw refuseFile('file-too-large');
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw refuseFile('file-broken');
    const length = bytes.readUInt16LE(at + 28);
    yield {
      name: bytes.toString('utf8', at + 46, at + 46 + length),
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packed: bytes.readUInt32LE(at + 20),
      unpacked: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    };
    at += 46 + length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
}

function dataOf(bytes: Buffer, { flags, method, packed, unpacked, offset }: Entry): Buffer {
  if ((flags & ENCRYPTED) !== 0) throw refuseFile('file-encrypted');
  if (method !== 0 && method !== 8) throw refuseFile('file-broken');
  if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== LOCAL_HEADER) throw refuseFile('file-broken');
  const sizes = [bytes.readUInt32LE(offset + 18), bytes.readUInt32LE(offset + 22)];
  // Another reader may believe the local header instead of the directory.
  const agree = sizes[0] === packed && sizes[1] === unpacked;
  if (!agree && (flags & SIZES_FOLLOW_DATA) === 0) throw refuseFile('file-broken');
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  const data = bytes.subarray(start, start + packed);
  if (data.length !== packed) throw refuseFile('file-broken');
  return data;
}

async function* unpack(data: Buffer, { method, unpacked, crc }: Entry): AsyncIterable<Buffer> {
  let size = 0;
  let sum = 0;
  for await (const piece of method === 0 ? pieces(data) : inflated(data)) {
    size += piece.length;
    if (size > unpacked) throw refuseFile('file-broken');
    sum = crc32(piece, sum);
    yield piece;
  }
  if (size !== unpacked || sum !== crc) throw refuseFile('file-broken');
}

function* pieces(data: Buffer): Generator<Buffer> {
  for (let at = 0; at < data.length; at += PIECE_BYTES) yield data.subarray(at, at + PIECE_BYTES);
}

async function* inflated(data: Buffer): AsyncIterable<Buffer> {
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES });
  inflate.end(data);
  const pieces: AsyncIterator<Buffer> = inflate[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await nextOf(pieces);
      if (done) return;
      yield value;
    }
  } finally {
    inflate.destroy();
  }
}

/** What zlib cannot unpack is damaged. */
async function nextOf(pieces: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
  try {
    return await pieces.next();
  } catch {
    throw refuseFile('file-broken');
  }
}
