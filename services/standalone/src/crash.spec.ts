import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Answer, get, type Keyed, post } from './testing/keyed-client.ts';
import { type RunningProcess, startProcess } from './testing/running-process.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 4);
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);
const CALLERS = 8;
const STORIES = 24;
const LONG = 10 * 60_000;

/** mulberry32: the moments of the crashes can be had again from the seed (the machine's own timing cannot). */
const randomFrom = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

const Positioned = z.object({ position: z.string() });
const Coverage = z.object({ due: z.number(), assigned: z.number() });
const Results = z.object({ savings: z.number(), bloodDonations: z.number(), activities: z.number() });

/** What one member's clerk sends: admission, assignment, two deeds. Each waits for the one before. */
const story = (id: string): readonly Keyed[] => {
  const send = <Body extends { readonly id: string }>(path: string, body: Body): Keyed => ({
    key: body.id,
    path,
    body,
  });
  return [
    send('/membership/members', {
      id: `m-${id}`,
      code: `C${id}`,
      name: 'Trần Thị Thử Nghiệm',
      cell: 'cell',
      standing: 'official',
      admittedOn: '2014-01-02',
      officialOn: '2014-01-03',
    }),
    send('/assignment/assignments', {
      id: `a-${id}`,
      member: `m-${id}`,
      group: 'group',
      content: ['Đời sống'],
      from: '2014-02-01',
    }),
    send('/activity/activities', {
      id: `d-${id}`,
      assignment: `a-${id}`,
      kind: 'visit',
      on: '2014-03-01',
      reached: 3,
      results: { savings: 1_000_000 },
    }),
    send('/activity/activities', {
      id: `e-${id}`,
      assignment: `a-${id}`,
      kind: 'campaign',
      on: '2014-03-02',
      reached: 1,
      results: { bloodDonations: 1 },
    }),
  ];
};

/** By name: `fetch` throws the TypeError of Node's realm, not of Jest's. */
const isNetworkError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError';

describe('a process that is killed under load', () => {
  let dataDir = '';
  let server: RunningProcess | undefined;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'phancong-crash-'));
  });
  afterEach(async () => {
    await server?.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const acknowledged = new Map<Keyed, Answer>();

  const tell = async (url: string, requests: readonly Keyed[], position: string): Promise<string> => {
    let after = position;
    for (const request of requests) {
      const path = `${request.path}?position=${after}`;
      const answer = acknowledged.get(request) ?? (await post(url, { ...request, path }));
      if (answer.status !== 201) throw new Error(`${request.path} answered ${answer.status} ${answer.body}`);
      acknowledged.set(request, answer);
      after = Positioned.parse(JSON.parse(answer.body)).position;
    }
    return after;
  };

  const tellAll = async (url: string, stories: readonly (readonly Keyed[])[], position: string): Promise<string[]> => {
    const left = [...stories];
    const last: string[] = [];
    const caller = async (): Promise<void> => {
      for (let next = left.shift(); next; next = left.shift()) last.push(await tell(url, next, position));
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
    return last;
  };

  it(
    `loses nothing acknowledged, and counts right, ${ROUNDS} times over (seed ${SEED})`,
    async () => {
      const random = randomFrom(SEED);
      server = await startProcess(dataDir, '--empty');
      const ground = [
        {
          key: 'bloc',
          path: '/membership/organisations',
          body: { id: 'bloc', code: 'B', name: 'Đảng bộ', kind: 'committee', from: '2014-01-01' },
        },
        {
          key: 'cell',
          path: '/membership/organisations',
          body: { id: 'cell', code: 'C', name: 'Chi bộ', kind: 'cell', parent: 'bloc', from: '2014-01-01' },
        },
        {
          key: 'group',
          path: '/assignment/groups',
          body: {
            id: 'group',
            code: 'G',
            name: 'Tổ dân phố',
            kind: 'residents',
            organisation: 'cell',
            headcount: 20,
            from: '2014-01-01',
          },
        },
      ];
      const position = await tell(server.url, ground, 'membership-0');

      let told = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const stories = Array.from({ length: STORIES }, (_, index) => story(`${round}-${index}`));
        const { url, kill } = server;
        const telling = tellAll(url, stories, position).then(
          () => undefined,
          (error: unknown) => error,
        );
        await new Promise((resolve) => setTimeout(resolve, 20 + random() * 600));
        await kill();
        const cut = await telling;
        // A request that the crash cut off fails as a network error; anything else is an answer that should not have come.
        if (cut !== undefined && !isNetworkError(cut)) throw cut;

        server = await startProcess(dataDir, '--empty');
        for (const [request, answer] of acknowledged) {
          if (random() < 0.2) expect(await post(server.url, request)).toEqual(answer);
        }
        const positions = await tellAll(server.url, stories, position);
        told += stories.length;
        for (const last of positions) await get(server.url, `/reporting/coverage?organisation=bloc&position=${last}`);
        const coverage = await get(server.url, '/reporting/coverage?organisation=bloc&asOf=2014-12-31');
        expect(Coverage.parse(JSON.parse(coverage.body))).toEqual({ due: told, assigned: told });
        const results = await get(server.url, '/reporting/results?organisation=bloc&from=2014-01-01&to=2014-12-31');
        expect(Results.parse(JSON.parse(results.body))).toEqual({
          savings: told * 1_000_000,
          bloodDonations: told,
          activities: 2 * told,
        });
      }
    },
    LONG,
  );
});
