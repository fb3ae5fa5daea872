import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HttpRequest, requestTo } from '@phancong/nest/testing';
import { z } from 'zod';
import { commandLine, DONE, FAILED } from './command-line.ts';
import { ground, serve, type Served, tell } from './testing/served.ts';
import { withServer } from './with-server.ts';

let folder: string;
let dataDir: string;
let environment: NodeJS.ProcessEnv;
const open: Served[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'phancong-'));
  dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  environment = { ...process.env };
  Object.assign(process.env, { DATA_DIR: dataDir, PORT: '0', LANG: 'en', LOG_LEVEL: 'silent' });
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const served of open.splice(0)) await served.close();
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  rmSync(folder, { recursive: true });
});

const opened = async (...[options]: [Parameters<typeof serve>[1]?]): Promise<Served> => {
  const served = await serve(dataDir, options);
  open.push(served);
  return served;
};
const closed = async (served: Served): Promise<void> => {
  open.splice(open.indexOf(served), 1);
  await served.close();
};
const told = (spy: jest.SpyInstance): string => spy.mock.calls.flat().map(String).join('\n');

const member = (id: string, more: object = {}) =>
  [
    '/membership/members',
    {
      id,
      code: id,
      name: `Nguyễn Thị ${id}`,
      cell: 'cell',
      standing: 'probationary',
      admittedOn: '2010-01-01',
      ...more,
    },
  ] as const;
const assignment = (id: string, group: string, from = '2014-01-01') =>
  ['/assignment/assignments', { id, member: 'm1', group, content: ['Đời sống'], from }] as const;
const secondGroup = [
  '/assignment/groups',
  { id: 'g2', code: 'G2', name: 'Tổ 6', kind: 'residents', organisation: 'cell', headcount: 9, from: '2004-01-01' },
] as const;

/** Posts one after the other, each waiting for the one before by its position. @returns the last position */
async function tellInTurn(request: HttpRequest, things: typeof ground): Promise<string> {
  let position = 'membership-0';
  for (const [path, body] of things) {
    const answer = await request('POST', `${path}?position=${position}`, { body });
    expect([path, answer]).toMatchObject([path, { status: 201 }]);
    position = z.object({ position: z.string() }).parse(answer.body).position;
  }
  return position;
}

describe('POLICY_FILE', () => {
  const policy = (text: string): void => {
    process.env['POLICY_FILE'] = join(folder, 'policy.json');
    writeFileSync(process.env['POLICY_FILE'], text);
  };

  it('given one assignment at most, a second is refused', async () => {
    policy('{"maxAssignments":1}');
    await withServer(async (url) => {
      const request = requestTo(url);
      await tellInTurn(request, [...ground, member('m1'), secondGroup, assignment('a1', 'group')]);
      const [path, body] = assignment('a2', 'g2');
      expect(await request('POST', path, { body, headers: { 'accept-language': 'en' } })).toMatchObject({
        status: 409,
        body: { code: 'too-many-assignments', detail: 'On 2014-01-01 the member has all of 1 assignments.' },
      });
    });
  });

  it.each([
    ['that is not there', undefined, /POLICY_FILE \(.*policy\.json\): .*This file cannot be read/],
    ['that is no JSON', '{', /POLICY_FILE \(.*policy\.json\): .*The body is not valid JSON/],
    ['with a wrong value', '{"maxAssignments":0}', /POLICY_FILE \(.*policy\.json\) maxAssignments: .*at least 1/],
    ['with a misspelt rule', '{"maxAssignment":4}', /POLICY_FILE \(.*policy\.json\) maxAssignment: .*no such field/],
  ])('given a file %s, the program says so and does not start', async (_, text, message) => {
    policy('{}');
    if (text === undefined) rmSync(join(folder, 'policy.json'));
    else policy(text);
    const errors = jest.spyOn(console, 'error').mockImplementation();
    expect(await commandLine(['start', '--empty'])).toBe(FAILED);
    expect(told(errors)).toMatch(message);
    expect(told(errors)).not.toMatch(/\n\s+at /);
  });
});

describe('TIME_ZONE', () => {
  /** The evening of 30 June in London is the morning of 1 July in Vietnam. */
  const clock = () => new Date('2014-06-30T18:00:00Z');
  const late = member('m1', { admittedOn: '2014-06-20' });

  it.each([
    ['Asia/Ho_Chi_Minh', '2014-07-01', 11],
    ['Europe/London', '2014-06-30', 10],
  ])('given %s, it is %s for every service', async (timeZone, today, delay) => {
    const served = await opened({ timeZone, clock });
    await tell(served, [...ground, late, assignment('a1', 'group', '2014-06-20')]);
    const { request } = served;

    const entries = await request('GET', '/reporting/late-entries');
    expect(entries.body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ member: 'm1', recordedOn: today, delay })]),
    });
    expect((await request('GET', '/reporting/coverage?organisation=bloc')).body).toMatchObject({ asOf: today });

    // What begins on 1 July is there where it is 1 July.
    const begun = today === '2014-07-01';
    const [path, body] = member('m2', { admittedOn: '2014-07-01' });
    const admitted = await request('POST', path, { body });
    expect(admitted).toMatchObject(begun ? { status: 201 } : { status: 422, body: { code: 'day-in-future' } });
    await tell(served, [['/assignment/groups', { ...secondGroup[1], from: '2014-07-01' }]]);
    const membersNow = await request('GET', '/membership/members');
    expect(idsIn(membersNow.body).includes('m2')).toBe(begun);
    expect(idsIn((await request('GET', '/assignment/groups')).body).includes('g2')).toBe(begun);
    const deed = { assignment: 'a1', kind: 'thăm hỏi', on: '2014-07-01', reached: 3 };
    expect(await request('POST', '/activity/activities', { body: deed })).toMatchObject(
      begun ? { status: 201 } : { status: 422, body: { code: 'day-in-future' } },
    );
  });

  it('is read from the environment by whoever serves', async () => {
    jest.useFakeTimers({ now: clock(), doNotFake: ['nextTick', 'queueMicrotask', ...timers] });
    try {
      for (const [zone, asOf] of [
        ['Pacific/Auckland', '2014-07-01'],
        ['America/New_York', '2014-06-30'],
      ]) {
        process.env['TIME_ZONE'] = zone;
        await withServer(async (url) => {
          const request = requestTo(url);
          const [[path, body] = member('m1')] = ground;
          const { body: answer } = await request('POST', path, { body });
          const { position = '' } = z.object({ position: z.string().optional() }).parse(answer);
          expect(
            (await request('GET', `/reporting/coverage?organisation=bloc&position=${position}`)).body,
          ).toMatchObject({ asOf });
        });
        rmSync(dataDir, { recursive: true });
        mkdirSync(dataDir);
      }
    } finally {
      jest.useRealTimers();
    }
  });

  it('given a zone that does not exist, the program says so and does not start', async () => {
    process.env['TIME_ZONE'] = 'Asia/Sai_Gon';
    const errors = jest.spyOn(console, 'error').mockImplementation();
    expect(await commandLine(['start', '--empty'])).toBe(FAILED);
    expect(told(errors)).toBe(
      'TIME_ZONE: Không có múi giờ này; viết tên IANA, ví dụ Asia/Ho_Chi_Minh. / ' +
        'There is no such time zone; write its IANA name, e.g. Asia/Ho_Chi_Minh. [invalid-environment]',
    );
  });
});

const timers = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'performance',
  'hrtime',
] as const;

const Listed = z.object({ items: z.array(z.object({ id: z.string() })) });
const idsIn = (body: unknown): readonly string[] => Listed.parse(body).items.map(({ id }) => id);

it('`phancong start` serves until it is told to stop', async () => {
  const lines = jest.spyOn(console, 'log').mockImplementation((line: string) => {
    if (line.startsWith('ready ')) process.emit('SIGTERM', 'SIGTERM');
  });
  expect(await commandLine(['start', '--empty'])).toBe(DONE);
  expect(told(lines)).toMatch(/\nready http:\/\/127\.0\.0\.1:\d+$/);
});

describe('a message that cannot be consumed', () => {
  const keys = () => join(dataDir, 'membership', 'keys.db');
  const away = () => join(folder, 'keys.db');
  const names = async ({ request }: Served): Promise<readonly string[]> =>
    idsIn((await request('GET', '/membership/members')).body);

  it('stays set aside over restarts, until it is replayed', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation();
    const first = await opened();
    await tell(first, [...ground, member('m1'), member('m2')]);
    await closed(first);
    // The keys were not restored with the log: who is in it can not be read.
    renameSync(keys(), away());
    rmSync(join(dataDir, 'membership', 'read-models.db'));

    const second = await opened();
    await second.settled();
    const parked = await second.feed.deadLetters.list();
    expect(parked).toMatchObject([
      { consumer: 'membership/membership-roster', key: 'member-m1', error: expect.stringContaining('UnknownPerson') },
      { consumer: 'membership/membership-roster', key: 'member-m2' },
    ]);
    expect(warned).toHaveBeenCalled();
    expect(await names(second)).toEqual([]);
    await closed(second);

    rmSync(keys());
    renameSync(away(), keys());
    const third = await opened();
    expect(await third.feed.deadLetters.list()).toEqual(parked);
    await third.settled();
    expect(await names(third)).toEqual([]);
    for (const each of parked) await third.feed.deadLetters.replay(each);
    expect(await third.feed.deadLetters.list()).toEqual([]);
    expect(await names(third)).toEqual(['m1', 'm2']);
    await closed(third);

    expect(await (await opened()).feed.deadLetters.list()).toEqual([]);
  });
});

describe('a command sent again', () => {
  const key = { headers: { 'idempotency-key': 'k1' } };

  it('after a restart gets the same answer; another body is refused', async () => {
    const first = await opened();
    await tell(first, ground);
    const [path, body] = member('m1');
    const made = await first.request('POST', path, { body, ...key });
    await closed(first);

    const { request } = await opened();
    expect(await request('POST', path, { body, ...key })).toMatchObject({ status: 201, body: made.body });
    expect(await request('POST', path, { body: { ...body, code: 'x' }, ...key })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
  });

  it('is known by its events where the answers were lost', async () => {
    const first = await opened();
    await tell(first, ground);
    const [path, named] = member('m1');
    const body = { ...named, id: undefined };
    const made = await first.request('POST', path, { body, ...key });
    await closed(first);
    rmSync(join(dataDir, 'membership', 'idempotency.db'));

    const second = await opened();
    expect(await second.request('POST', path, { body, ...key })).toMatchObject({ status: 201, body: made.body });
    await second.settled();
    expect(idsIn((await second.request('GET', '/membership/members')).body)).toHaveLength(1);
  });
});

describe('position=', () => {
  it('of a figure names every log, and any request takes it', async () => {
    const served = await opened();
    await tell(served, [...ground, member('m1'), assignment('a1', 'group')]);
    const { request } = served;
    const coverage = await request('GET', '/reporting/coverage?organisation=bloc&asOf=2014-12-31');
    const { position } = z.object({ position: z.string() }).parse(coverage.body);
    expect(position).toMatch(/^membership-\d+\.assignment-\d+\.activity-\d+$/);
    const paths = ['/membership/members', '/assignment/groups', '/activity/campaigns', '/reporting/late-entries'];
    for (const path of paths)
      expect(await request('GET', `${path}?position=${position}`)).toMatchObject({ status: 200 });
    const deed = { assignment: 'a1', kind: 'thăm hỏi', on: '2014-03-01', reached: 3 };
    expect(await request('POST', `/activity/activities?position=${position}`, { body: deed })).toMatchObject({
      status: 201,
    });
    for (const wrong of [`${position}.`, `.${position}`, `${position}.reporting-1`, position.replace('.', ',')]) {
      expect(await request('GET', `/membership/members?position=${wrong}`)).toMatchObject({
        status: 422,
        body: { code: 'invalid-position' },
      });
    }
  });

  it('given a position that no log has come to, the request is refused and not kept waiting', async () => {
    const { request } = await opened();
    const position = await tellInTurn(request, ground);
    for (const wrong of ['activity-1', `${position}.membership-999999`]) {
      const answer = await request('GET', `/membership/members?position=${wrong}`);
      expect(answer).toMatchObject({
        status: 422,
        body: { code: 'unknown-position', errors: [{ path: 'position', code: 'unknown-position' }] },
      });
    }
    expect(await request('GET', `/membership/members?position=${position}`)).toMatchObject({ status: 200 });
  });

  it('given a command to one service, the next command to another finds what it made', async () => {
    const { request } = await opened();
    const position = await tellInTurn(request, [...ground, member('m1'), assignment('a1', 'group')]);
    const asked = `/reporting/coverage?organisation=bloc&asOf=2014-12-31&position=${position}`;
    expect((await request('GET', asked)).body).toMatchObject({ due: 1, assigned: 1 });
  });
});
