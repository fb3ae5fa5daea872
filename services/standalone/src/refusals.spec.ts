import { messages as activity } from '@phancong/activity';
import { messages as assignment } from '@phancong/assignment';
import { messages as membership } from '@phancong/membership';
import { frameworkCodes, httpMessages, inWords, type Language, type Messages, type Words } from '@phancong/nest';
import { alike } from '@phancong/nest/testing';
import { messages as reporting } from '@phancong/reporting';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messages as admin } from './dead-letters.http.ts';
import { type AnsweredCode, answeredCodes, type AnsweredCodes } from './testing/answered-codes.ts';
import { ROOT, textOf } from './testing/documents.ts';

const PAGE = 'docs/refusals.md';
const services: Readonly<Record<string, Messages>> = { membership, assignment, activity, reporting };
/** By the packages that make the codes: a service tells its own, all else is told by the edge or by the host. */
const wordsOf = (from: string): Messages => services[from.replace('services/', '')] ?? { ...httpMessages, ...admin };

const isOf =
  (name: string) =>
  ({ package: from }: AnsweredCode): boolean =>
    name in services ? from === `services/${name}` : !(from.replace('services/', '') in services);

let answered: AnsweredCodes;
beforeAll(() => (answered = answeredCodes()), 60_000);

describe('what is refused', () => {
  it('is told by codes that the sources name, not by any text', () => {
    expect(answered.opaque).toEqual([]);
    expect(answered.codes.length).toBeGreaterThan(100);
  });

  it('is said in words, in Vietnamese and in English', () => {
    const silent = answered.codes.filter((each) => !wordsOf(each.package)[each.code] && !httpMessages[each.code]);
    expect(silent).toEqual([]);
    for (const messages of [...Object.values(services), admin, httpMessages]) {
      expect(alike(messages, { mismatches: 'not-core' })).toEqual([]);
    }
  });

  it.each(Object.entries({ ...services, edge: { ...httpMessages, ...admin } }))(
    'has no words in %s that nobody says',
    (name, messages) => {
      const said = new Set(answered.codes.filter(isOf(name)).map(({ code }) => code));
      expect(Object.keys(messages).filter((code) => !said.has(code))).toEqual([]);
    },
  );

  /** `WRITE_DOCS=1` writes it. */
  it('is listed in the documentation as it is', () => {
    if (process.env['WRITE_DOCS']) writeFileSync(join(ROOT, PAGE), page());
    expect(textOf(PAGE)).toBe(page());
  });
});

const INTRODUCTION = `# What is refused

Every refusal is a problem (RFC 9457) with a stable \`code\`, told in Vietnamese or English by \`Accept-Language\`. Those without
a status tell what is wrong with a field (\`errors\` of \`invalid-input\`) or with a row of an import. \`…\` stands for what the
refusal names. A thing that is not there is 404 and \`…-not-found\`, wherever the request names it: in the address, in a filter or in
the body. This page is written from the sources: \`WRITE_DOCS=1 npx jest --selectProjects=standalone --testPathPatterns=refusals\`.
`;

const page = (): string =>
  [
    INTRODUCTION,
    ...Object.entries(services).map(([name, messages]) => section(name, messages)),
    section('any service, or the server itself', { ...httpMessages, ...admin }),
  ].join('\n');

function section(name: string, messages: Messages): string {
  const lines = Object.entries(messages)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, words]) => {
      const statuses = statusesOf(code, name);
      const status = statuses.length === 0 ? '' : ` (${statuses.join(', ')})`;
      return `- \`${code}\`${status}: ${example(words, 'en')} / ${example(words, 'vi')}`;
    });
  return `## ${name[0]?.toUpperCase()}${name.slice(1)}\n\n${lines.join('\n')}\n`;
}

const KINDS: Readonly<Record<string, string>> = { 'not-found': '404', conflict: '409', invalid: '422' };

function statusesOf(code: string, name: string): readonly string[] {
  if (code === 'revision-mismatch') return ['412'];
  const told = answered.codes
    .filter((each) => each.code === code && isOf(name)(each))
    .flatMap(({ kind = '' }) => KINDS[kind] ?? kind.match(/\b\d{3}\b/g) ?? []);
  const ofFramework = Object.entries(frameworkCodes).flatMap(([status, known]) => (known === code ? [status] : []));
  return [...new Set([...told, ...ofFramework])].sort();
}

const DAYS = [
  'on',
  'from',
  'until',
  'to',
  'today',
  'occurredAt',
  'admittedOn',
  'officialOn',
  'consentOn',
  'introducedOn',
];
const facts: Readonly<Record<string, string>> = new Proxy(
  { mismatches: 'not-core', ...Object.fromEntries(DAYS.map((name) => [name, '2014-12-31'])) },
  { get: (known, name) => Reflect.get(known, name) ?? '…' },
);

const example = (words: Words, language: Language): string => inWords(words, language, facts);
