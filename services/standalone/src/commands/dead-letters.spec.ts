import { sqliteParkedKeys } from '@phancong/event-feed';
import { Day, eventIdOf, Instant, newCommandId } from '@phancong/event-sourcing';
import { sqliteEventStore } from '@phancong/event-store-sqlite';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { get } from '../testing/keyed-client.ts';
import { type RunningProcess, startProcess } from '../testing/running-process.ts';
import { failureIn, jsonOf, phancong, smallCommittee, temporaryFolder, told } from '../testing/run-command.ts';

const LONG = 60_000;

const name = { consumer: z.string(), source: z.enum(['membership', 'assignment', 'activity']), key: z.string() };
const parked = { ...name, position: z.string(), error: z.string(), parkedAt: z.iso.datetime() };
const ParkedList = z.strictObject({ items: z.array(z.strictObject({ ...parked, waiting: z.int() })) });
const Replays = z.strictObject({
  items: z.array(
    z.strictObject({
      ...name,
      outcome: z.enum(['replayed', 'still-parked']),
      messages: z.int(),
      error: z.string().optional(),
    }),
  ),
});
const Dropped = z.strictObject({
  ...parked,
  ...{ messages: z.int(), through: z.string(), reason: z.string(), by: z.string(), droppedAt: z.iso.datetime() },
});
const DroppedList = z.strictObject({ items: z.array(Dropped) });
const Coverage = z.object({ due: z.int() });

const REPORTING = { consumer: 'reporting/reporting', source: 'membership' } as const;

describe('phancong dead-letters', () => {
  let folder = temporaryFolder();
  let server: RunningProcess | undefined;
  beforeEach(() => {
    folder = temporaryFolder();
    server = undefined;
  });
  afterEach(async () => {
    await server?.kill();
    folder.remove();
  });

  const deadLetters = (...args: readonly string[]) => phancong(folder.path, ['dead-letters', ...args, '--json']);
  const listed = async (...options: readonly string[]) =>
    jsonOf(ParkedList, await deadLetters('list', ...options)).items;
  const due = async (): Promise<number> => {
    const { body } = await get(String(server?.url), '/reporting/coverage?organisation=cang&asOf=2016-12-31');
    return Coverage.parse(JSON.parse(body)).due;
  };

  /** An earlier version of the program could not consume the admission of this member in reporting. */
  const givenAnIsHeldBack = async (): Promise<RunningProcess> => {
    const keys = sqliteParkedKeys({ file: join(folder.path, 'parked-keys.db') });
    const parkedAt = Instant.parse('2015-06-30T11:00:00.000Z');
    await keys.add({ ...REPORTING, key: 'member-an', position: 1, error: 'TypeError: cannot read this', parkedAt });
    await keys.close();
    server = await startProcess(folder.path, '--empty');
    const position = await told(server.url, [
      ...smallCommittee,
      { path: '/membership/members/an/officialise', body: { on: '2015-01-01' } },
    ]);
    await get(server.url, `/reporting/health?position=${position}`);
    return server;
  };

  /** A damaged event, which nobody can read. */
  const givenADamagedGroup = async (): Promise<void> => {
    mkdirSync(join(folder.path, 'assignment'));
    const store = sqliteEventStore({ file: join(folder.path, 'assignment', 'events.db') });
    const command = newCommandId();
    const event = { id: eventIdOf(command, 0), command, type: 'GroupRecounted', version: 1, by: 'officer' };
    await store.append('group-x', 'none', [
      { ...event, occurredAt: Day.parse('2014-01-01'), data: '{"headcount":"many"}' },
    ]);
    await store.close();
  };

  it(
    'shows what is held back, and tries it again',
    async () => {
      await givenAnIsHeldBack();
      expect(await due()).toBe(0);
      expect(await listed()).toEqual([
        {
          ...{ ...REPORTING, key: 'member-an', position: 'membership-1' },
          ...{ error: 'TypeError: cannot read this', parkedAt: '2015-06-30T11:00:00.000Z', waiting: 1 },
        },
      ]);

      const replay = await deadLetters('replay', 'member-an');
      expect(replay).toMatchObject({ exitCode: 0, stderr: '' });
      expect(jsonOf(Replays, replay)).toEqual({
        items: [{ ...REPORTING, key: 'member-an', outcome: 'replayed', messages: 2 }],
      });
      expect(await due()).toBe(1);
      expect(await listed()).toEqual([]);

      const again = await deadLetters('replay', 'member-an');
      expect([again.exitCode, failureIn(again).code]).toEqual([1, 'not-parked']);
      const all = await deadLetters('replay', '--all');
      expect([all.exitCode, jsonOf(Replays, all).items]).toEqual([0, []]);
    },
    LONG,
  );

  it(
    'gives up what is held back and keeps a record of it, without a server too',
    async () => {
      await (await givenAnIsHeldBack()).stop();
      const reason = 'Ghi nhầm đảng viên';
      const drop = await deadLetters('drop', 'member-an', '--reason', reason);
      expect(drop.exitCode).toBe(0);
      const dropped = jsonOf(Dropped, drop);
      expect(dropped).toMatchObject({ ...REPORTING, key: 'member-an', messages: 2, reason, by: 'local-operator' });
      expect(dropped.error).toBe('TypeError: cannot read this');

      server = await startProcess(folder.path, '--empty');
      expect(await listed()).toEqual([]);
      expect(jsonOf(DroppedList, await deadLetters('list', '--dropped')).items).toEqual([dropped]);
      const shown = await phancong(folder.path, ['dead-letters', 'list', '--dropped']);
      expect(shown.stdout).toContain(`(local-operator): ${reason}`);
      expect((await get(server.url, '/membership/members/an')).status).toBe(200);

      const again = await deadLetters('drop', 'member-an', '--reason', reason);
      expect([again.exitCode, failureIn(again).code]).toEqual([1, 'not-parked']);
    },
    LONG,
  );

  it(
    'says of each reader why it still cannot consume a message, and gives up for one reader only',
    async () => {
      await givenADamagedGroup();
      server = await startProcess(folder.path, '--empty');
      const items = await listed();
      const consumers = items.map(({ consumer }) => consumer);
      expect(consumers).toContain('reporting/reporting');
      expect(consumers.length).toBeGreaterThan(1);
      expect(new Set(items.map(({ key, waiting }) => `${key} ${waiting}`))).toEqual(new Set(['group-x 0']));

      const replay = await deadLetters('replay', 'group-x');
      expect([replay.exitCode, failureIn(replay).code]).toEqual([1, 'still-parked']);
      const results = jsonOf(Replays, replay).items;
      expect(results.map(({ consumer }) => consumer)).toEqual(consumers);
      for (const { outcome, error } of results) expect([outcome, error]).toEqual(['still-parked', expect.any(String)]);

      const [ambiguous, one] = [
        await deadLetters('drop', 'group-x', '--reason', 'x'),
        await deadLetters('drop', 'group-x', '--reason', 'x', '--consumer', 'reporting/reporting'),
      ];
      expect([ambiguous.exitCode, failureIn(ambiguous).code]).toEqual([2, 'several-are-parked']);
      expect(jsonOf(Dropped, one)).toMatchObject({ consumer: 'reporting/reporting', messages: 1 });
      expect((await listed()).map(({ consumer }) => consumer)).toEqual(
        consumers.filter((consumer) => consumer !== 'reporting/reporting'),
      );
      expect(await listed('--consumer', 'reporting/reporting')).toEqual([]);
    },
    LONG,
  );

  it(
    'shows people when, how many and why, and what they can give',
    async () => {
      await givenAnIsHeldBack();
      const shown = await phancong(folder.path, ['dead-letters', 'list'], { LC_ALL: 'vi' });
      expect(shown.stdout).toMatch(
        /^member-an \(membership → reporting\/reporting\)\n {2}từ .*30\/06\/2015.*1 tin chờ/,
      );
      const [both, neither, noReason] = await Promise.all([
        deadLetters('replay', 'member-an', '--all'),
        deadLetters('replay'),
        deadLetters('drop', 'member-an', '--reason', ' '),
      ]);
      expect([both, neither, noReason].map((ended) => [ended.exitCode, failureIn(ended).code])).toEqual([
        [2, 'key-or-all'],
        [2, 'key-or-all'],
        [2, 'invalid-input'],
      ]);
      expect(await listed()).toHaveLength(1);
    },
    LONG,
  );
});
