import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipOptions {
  /** As it is, instead of compressed. */
  readonly stored?: boolean;
  /** What each part claims to unpack to, instead of the truth. */
  readonly claimed?: number;
}

const SIGNATURE = { part: 'PK\u0003\u0004', entry: 'PK\u0001\u0002', end: 'PK\u0005\u0006' };

/** A ZIP of these parts, by name. */
export function zipOf(parts: Readonly<Record<string, Buffer>>, { stored = false, claimed }: ZipOptions = {}): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const data = stored ? content : deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(claimed ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(46);
    entry.write(SIGNATURE.entry);
    entry.writeUInt16LE(20, 4);
    common.copy(entry, 6);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, Buffer.from(name));
    const body = Buffer.concat([Buffer.from(SIGNATURE.part), common, Buffer.from(name), data]);
    bodies.push(body);
    offset += body.length;
  }
  const end = Buffer.alloc(22);
  end.write(SIGNATURE.end);
  for (const at of [8, 10]) end.writeUInt16LE(bodies.length, at);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}
