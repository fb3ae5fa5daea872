import { sqliteParkedKeys } from '@phancong/event-feed';
import { Instant } from '@phancong/event-sourcing';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { answersOf, coverageOn, expectRecounted, listOf, rebuilt, tryToRebuild } from './testing/answers.ts';
import { BLOC, ground, memberOf, story, tell } from './testing/committee.ts';
import { limitFiles, runLimited } from './testing/file-limit.ts';
import { type Answer, get, type Import, type Keyed, post } from './testing/keyed-client.ts';
import { logsIn } from './testing/logs.ts';
import { idle, Office } from './testing/office.ts';
import { PROGRAM, type RunningProcess, startProcess } from './testing/running-process.ts';

/** Bytes that a page takes in a write-ahead log. */
const FRAME = 4096 + 24;
const Ids = z.array(z.object({ id: z.string() }));
const Problem = z.object({ code: z.string(), title: z.string(), detail: z.string(), status: z.literal(507) });

jest.setTimeout(40_000);

describe('a full disk', () => {
  let dataDir = '';
  let server: RunningProcess;
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'phancong-full-'));
    server = await startProcess(dataDir, '--empty');
    await tell(server.url, [...ground, ...story('x')]);
  });
  afterEach(async () => {
    await server.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const send = (path: string, body: unknown, key?: string): Promise<Answer> => post(server.url, { key, path, body });
  const problem = ({ body }: Answer) => Problem.parse(JSON.parse(body));
  const answers = async () => answersOf(server.url, BLOC, (await logsIn(dataDir)).position);
  const limit = (bytes?: number): void => limitFiles(server.pid, bytes);
  const restart = async (): Promise<void> => {
    await server.kill();
    server = await startProcess(dataDir, '--empty');
  };

  /** How far a file's write-ahead log has grown: what is committed next must fit in behind. */
  const grown = (file: string): number => statSync(join(dataDir, `${file}-wal`)).size;

  /** Grows one file of a service beyond its others, by commands that the rules refuse. */
  const growBeyond = async (file: string, others: readonly string[]): Promise<void> => {
    for (let n = 0; grown(file) <= Math.max(...others.map(grown)) + 40 * FRAME; n += 1) {
      const key = file.endsWith('idempotency.db') ? `${file} ${n}`.replace(' ', '-') : undefined;
      const [service] = file.split('/');
      const refused =
        key === undefined
          ? await send('/membership/members', { ...memberOf(`nobody-${n}`), code: 'C-a-x' })
          : await send(UNKNOWN[service ?? ''] ?? '', { on: '2014-03-01', reason: 'x' }, key);
      expect(refused.status).toBeLessThan(500);
      expect(refused.status).toBeGreaterThanOrEqual(400);
    }
  };

  /** That all is there, also after a crash, and that the read models are what a rebuild makes of the logs. */
  const expectNothingLost = async (): Promise<void> => {
    const before = await answers();
    expectRecounted(before, BLOC, await logsIn(dataDir));
    await restart();
    expect(await answers()).toEqual(before);
    await rebuilt(server.url);
    expect(await answers()).toEqual(before);
  };

  it('refuses commands with 507 wherever it is full, keeps nothing of them, and goes on when there is room', async () => {
    await tell(server.url, [idle]);
    await answers();
    const office = new Office();
    const walk = async (file: string): Promise<void> => {
      const seen = new Map<string, Set<number>>();
      const left = (): boolean => seen.size === 0 || [...seen.values()].some((statuses) => statuses.size < 2);
      for (let step = 0; step < 24 || (step < 100 && left()); step += 1) {
        limit(grown(file) + (step % 12) * FRAME);
        for (const answer of await office.send(server.url)) {
          if (answer.status >= 300) expect(problem(answer).code).toMatch(/^storage-full(-midway)?$/);
          if (!file.startsWith(answer.service)) continue;
          seen.set(answer.path, (seen.get(answer.path) ?? new Set()).add(answer.status < 300 ? 200 : 507));
        }
        expect((await get(server.url, '/membership/members/a-x')).status).toBe(200);
        expect((await get(server.url, `/reporting/coverage?organisation=${BLOC}`)).status).toBe(200);
      }
      expect([file, left()]).toEqual([file, false]);
      limit();
    };
    for (const service of ['membership', 'assignment', 'activity']) {
      await walk(`${service}/events.db`);
      await growBeyond(`${service}/idempotency.db`, [`${service}/events.db`]);
      await walk(`${service}/idempotency.db`);
    }
    await growBeyond('membership/keys.db', ['membership/events.db', 'membership/idempotency.db']);
    await walk('membership/keys.db');
    // What is left of a command that was refused in the middle of many is done by the same command.
    for (const { status } of await office.send(server.url)) expect(status).toBeLessThan(300);
    await answers();
    for (const [list, accepted] of office.accepted) {
      const there = Ids.parse(await listOf(server.url, list)).map(({ id }) => id);
      expect(there.filter((id) => id.startsWith('wish-')).toSorted()).toEqual(accepted.toSorted());
    }
    await expectNothingLost();
  });

  it('says in both languages that nothing was recorded', async () => {
    limit(1);
    const keyed: Keyed = { key: 'k', path: '/membership/members', body: memberOf('an') };
    const [vi, en] = [await post(server.url, keyed, 'vi'), await post(server.url, keyed, 'en')];
    expect(problem(vi)).toMatchObject({
      title: 'Hết chỗ lưu trữ',
      detail: expect.stringMatching(/^Hết chỗ lưu trữ, chưa ghi gì\./),
    });
    expect(problem(en)).toMatchObject({
      title: 'Storage is full',
      detail: expect.stringMatching(/^Storage is full; nothing was recorded\./),
    });
    limit();
    expect((await post(server.url, keyed)).status).toBe(201);
  });

  it('does not start without room for its files, says so, and starts when there is room', async () => {
    const before = await answers();
    await server.stop();
    const variables = { DATA_DIR: dataDir, PORT: '0', LANG: 'vi' };
    const { status, stderr } = runLimited(8, [PROGRAM, 'start', '--empty', '--json'], variables);
    expect([status, JSON.parse(stderr.trim().split('\n').at(-1) ?? '')]).toEqual([
      1,
      { code: 'storage-full', detail: 'Hết chỗ lưu trữ. Hãy dọn chỗ rồi chạy lại.' },
    ]);
    server = await startProcess(dataDir, '--empty');
    expect(await answers()).toEqual(before);
  });

  it('imports a register that did not fit as a whole, when there is room', async () => {
    const register = ['Họ và tên,Ngày vào Đảng,Số thẻ đảng viên']
      .concat(
        Array.from(
          { length: 900 },
          (_, index) => `Lê Thị Sổ,${1 + (index % 28)}/${1 + (index % 12)}/${1960 + (index % 50)},S-${index}`,
        ),
      )
      .join('\r\n');
    const admitted = async (): Promise<number> =>
      (await logsIn(dataDir)).messages.filter(({ type }) => type === 'MemberAdmitted').length;
    const keyed: Import = { key: 'import', path: '/membership/imports', register, organisation: 'cell-1' };
    const counts: number[] = [];
    for (
      let bytes = grown('membership/events.db') + 20 * FRAME;
      !counts.some((count) => count > 5);
      bytes += 10 * FRAME
    ) {
      limit(bytes);
      expect(problem(await post(server.url, keyed)).code).toBe('storage-full-midway');
      counts.push(await admitted());
    }
    expect(counts.at(-1)).toBeLessThan(5 + 900);
    limit();
    const { status, body } = await post(server.url, keyed);
    expect([status, JSON.parse(body)]).toEqual([200, expect.objectContaining({ rows: 900, rejected: 0 })]);
    expect(await admitted()).toBe(5 + 900);
    await expectNothingLost();
  });

  it('keeps taking commands, and answers as things stood, while only the read models find no room', async () => {
    const before = await answers();
    const commands = {
      activity: () => send('/activity/activities', visit('late')),
      membership: () => send('/membership/members/b-x/exempt', { from: '2014-08-01', reason: 'ốm' }),
      assignment: () => send('/assignment/assignments/lane-x/change-content', { content: ['x'], on: '2014-09-01' }),
      reporting: () => send('/membership/members', memberOf('late')),
    };
    for (const [service, give] of Object.entries(commands)) {
      limit(grown(`${service}/read-models.db`));
      expect((await give()).status).toBeLessThan(300);
      const now = Object.entries(await answersOf(server.url, BLOC)).filter(([path]) => path.startsWith(`/${service}/`));
      expect(now.length).toBeGreaterThan(1);
      // The list of assignments reads them from the books themselves.
      if (service !== 'assignment') expect(now).toEqual(now.map(([path]) => [path, before[path]]));
    }
    const position = (await logsIn(dataDir)).position;
    const late = await get(server.url, `/reporting/health?position=${position}`);
    expect(problem(late).code).toBe('storage-full');
    const ready = await get(server.url, '/health/ready');
    expect([ready.status, JSON.parse(ready.body)]).toEqual([
      503,
      {
        status: 'not-ready',
        checks: {
          membership: 'ok',
          assignment: 'ok',
          activity: 'ok',
          reporting: 'reporting/reporting is behind: no room on the disk',
        },
      },
    ]);
    // It may wait for room, or give up; what answered before goes on answering.
    const rebuilding = tryToRebuild(server.url);
    const question = coverageOn(BLOC, '2014-12-31');
    expect((await answersOf(server.url, BLOC))[question]).toEqual(before[question]);
    limit();
    expect(['done', 'failed']).toContain(await rebuilding);
    expect(await answers()).not.toEqual(before);
    await expectNothingLost();
  });

  it('tells of an erasure whose key could not be destroyed yet, and destroys it when there is room', async () => {
    await growBeyond('membership/keys.db', ['membership/events.db']);
    limit(grown('membership/keys.db'));
    expect(problem(await send('/membership/members', memberOf('an'))).code).toBe('storage-full');
    const erasure = await send('/membership/members/b-x/erase', { reason: 'theo đơn' }, 'erase');
    expect(problem(erasure).code).toBe('key-not-destroyed');
    limit();
    // The process that follows erasures destroys the key; whoever waits for it waits for that.
    await answers();
    expect((await send('/membership/members/b-x/erase', { reason: 'theo đơn' }, 'erase')).status).toBe(200);
    const { body } = await get(server.url, '/membership/members/b-x');
    expect(body).not.toContain('Thử Nghiệm');
    await expectNothingLost();
  });

  it('keeps a parked key that could not be given up', async () => {
    const { events } = await logsIn(dataDir);
    const name = { consumer: 'activity/logbook', source: 'activity', key: 'activity-late' } as const;
    await server.stop();
    const parked = sqliteParkedKeys({ file: join(dataDir, 'parked-keys.db') });
    const position = events.activity.length + 1;
    await parked.add({ ...name, position, error: 'x', parkedAt: Instant.parse('2014-01-01T00:00:00.000Z') });
    await parked.close();
    server = await startProcess(dataDir, '--empty');
    expect((await send('/activity/activities', visit('late'))).status).toBe(201);
    limit(1);
    expect(problem(await send('/admin/dead-letters/drop', { ...name, reason: 'x' })).code).toBe('storage-full');
    expect(await listOf(server.url, '/admin/dead-letters')).toEqual([expect.objectContaining(name)]);
    limit();
    expect((await send('/admin/dead-letters/drop', { ...name, reason: 'x' })).status).toBeLessThan(300);
    await restart();
    expect(await listOf(server.url, '/admin/dead-letters')).toEqual([]);
  });
});

const UNKNOWN: Readonly<Record<string, string>> = {
  membership: '/membership/members/nobody/exempt',
  assignment: '/assignment/assignments/nothing/end',
  activity: '/activity/activities/nothing/void',
};
const visit = (id: string) => ({ id, assignment: 'lane-x', kind: 'visit', on: '2014-08-01', reached: 1 });
