import type { RefusalFacts } from '@phancong/event-sourcing';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { httpMessages } from '../http-messages.ts';
import type { Messages } from '../messages.ts';

const A_DAY = '2014-12-31';
const REFUSAL = /new Refusal\(\s*'(?:not-found|conflict|invalid)',\s*'([a-z0-9-]+)'/g;

/** The codes of all refusals that the TypeScript files under the folder make (`new Refusal('kind', 'code'…`). */
export const refusalCodesIn = (folder: string): readonly string[] => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
  const codes = sources.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(REFUSAL)].flatMap(([, code]) => (code ? [code] : [])),
  );
  return [...new Set(codes)].sort();
};

/** @throws Error that lists the codes for which neither the service nor the edge has words */
export function allCodesHaveMessages(messages: Messages, codes: readonly string[]): void {
  const missing = codes.filter((code) => !messages[code] && !httpMessages[code]);
  if (missing.length > 0) throw new Error(`no message for: ${missing.join(', ')}`);
}

/**
 * The codes that are told in the same words in both languages, or in none.
 * @param facts those that must be given; every other is a day
 */
export function alike(messages: Messages, facts: RefusalFacts = {}): readonly string[] {
  const any = new Proxy(facts, { get: (known, name) => (typeof name === 'string' ? known[name] : undefined) ?? A_DAY });
  return Object.entries(messages).flatMap(([code, { vi, en }]) => {
    const [first, second] = [vi(any).trim(), en(any).trim()];
    return first === '' || second === '' || first === second ? [code] : [];
  });
}
