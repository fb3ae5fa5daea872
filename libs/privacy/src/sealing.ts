import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1.';

export const KEY_BYTES = 32;
export const newKey = (): Buffer => randomBytes(KEY_BYTES);

/** The sealed text was changed, or is another person's. */
export class NotAuthentic extends Error {
  override readonly name = 'NotAuthentic';
}

// As it was parsed: a copy of it would lose a field called `__proto__`.
const Fields = z.custom<Record<string, unknown>>((value) => z.record(z.string(), z.unknown()).safeParse(value).success);

/** Binds the text to its person and to the format that it is read by. */
const bound = (person: string): Buffer => Buffer.from(VERSION + person);

/** `v1.` and, in base64url, the nonce (96 bits, random), the ciphertext and the tag (128 bits). */
export function sealWith(key: Buffer, person: string, fields: Readonly<Record<string, unknown>>): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(bound(person));
  const text = [cipher.update(JSON.stringify(fields), 'utf8'), cipher.final()];
  return VERSION + Buffer.concat([nonce, ...text, cipher.getAuthTag()]).toString('base64url');
}

/** @throws NotAuthentic */
export function openWith(key: Buffer, person: string, sealed: string): Record<string, unknown> {
  const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
  // Decoding is lenient, and would let a text pass that differs only in unused bits.
  const same = VERSION + bytes.toString('base64url') === sealed;
  if (!same || bytes.length < NONCE_BYTES + TAG_BYTES) throw new NotAuthentic('not a sealed text');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(bound(person)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))];
  try {
    text.push(decipher.final());
  } catch (cause) {
    throw new NotAuthentic('the sealed text was changed, or is another person’s', { cause });
  }
  return Fields.parse(JSON.parse(Buffer.concat(text).toString('utf8')));
}
