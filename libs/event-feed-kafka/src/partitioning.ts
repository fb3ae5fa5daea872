const M = 0x5bd1e995;

/** MurmurHash2 as Kafka's own clients use it, in whole 32-bit numbers. */
function murmur2(data: Buffer): number {
  let hash = 0x9747b28c ^ data.length;
  const words = data.length & ~3;
  for (let at = 0; at < words; at += 4) {
    let word = Math.imul(data.readInt32LE(at), M);
    word = Math.imul(word ^ (word >>> 24), M);
    hash = Math.imul(hash, M) ^ word;
  }
  if (words < data.length) {
    for (let at = data.length - 1; at >= words; at -= 1) hash ^= data.readUInt8(at) << (8 * (at - words));
    hash = Math.imul(hash, M);
  }
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

/** The same partition that Kafka's own clients choose for the key. */
export const partitionOf = (key: string, partitions: number): number =>
  (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
