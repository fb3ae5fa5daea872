import { publish } from '@phancong/activity';
import { commandIdFrom, systemClock } from '@phancong/event-sourcing';
import { wholeLog } from '@phancong/event-sourcing/testing';
import { sqliteEventStore } from '@phancong/event-store-sqlite';
import { rebuildProjection } from '@phancong/read-models';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStandalone, type Standalone } from './standalone.ts';
import { ground } from './testing/served.ts';

let folder: string;
const open: Standalone[] = [];
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'phancong-rare-'))));
afterEach(async () => {
  for (const standalone of open.splice(0)) await standalone.close();
  rmSync(folder, { recursive: true });
});

async function opened(name: string): Promise<Standalone> {
  const options = { dataDir: join(folder, name), timeZone: 'Asia/Ho_Chi_Minh', logger: false } as const;
  const standalone = await openStandalone(options);
  open.push(standalone);
  return standalone;
}

const campaign = { code: 'HM', name: 'Hiến máu nhân đạo', from: '2014-01-01' };
const answerOf = async (standalone: Standalone, path: string, body?: object, key?: string) => {
  const headers = { 'accept-language': 'en', ...(key !== undefined && { 'idempotency-key': key }) };
  const method = body === undefined ? 'GET' : 'POST';
  const { status, body: text } = await standalone.send(method, path, body && JSON.stringify(body), headers);
  return { status, body: JSON.parse(text) };
};

it('given read models whose layout another program has changed, they are 503 until they are rebuilt', async () => {
  const standalone = await opened('data');
  for (const [path, body] of ground) {
    expect(await answerOf(standalone, path, body)).toMatchObject({ status: 201 });
    await standalone.settled();
  }
  const question = '/reporting/coverage?organisation=bloc&asOf=2014-12-31';
  const before = await answerOf(standalone, question);
  expect(before.status).toBe(200);
  const { feed, sets } = standalone;
  const [set] = sets.filter(({ service }) => service === 'reporting');
  if (!set) throw new Error('reporting has no read models');
  const newer = { ...set.projection, version: set.projection.version + 1 };
  await rebuildProjection({ ...set, projection: newer, feed });

  expect(await answerOf(standalone, question)).toMatchObject({ status: 503, body: { code: 'not-caught-up' } });
  await standalone.rebuild(() => undefined);
  const after = await answerOf(standalone, question);
  expect(after).toEqual({ ...before, body: { ...before.body, knownAt: after.body.knownAt } });
});

it('given a log that has the id of an event already, under another stream, the command is refused and leaves nothing', async () => {
  const there = await opened('there');
  expect(await answerOf(there, '/activity/campaigns', { id: 'hm', ...campaign }, 'k')).toMatchObject({ status: 201 });
  await there.close();
  open.pop();
  const file = (name: string): string => join(folder, name, 'activity', 'events.db');
  const logged = sqliteEventStore({ file: file('there'), clock: systemClock });
  const opening = (await wholeLog(logged)).find((event) => publish(event)?.type === 'CampaignOpened');
  await logged.close();
  if (!opening) throw new Error('no campaign was opened');

  // As when logs were put together from two back-ups: the same event, in a stream where its command does not look for it.
  mkdirSync(join(folder, 'here', 'activity'), { recursive: true });
  const here = sqliteEventStore({ file: file('here'), clock: systemClock });
  const copied = { ...opening, command: commandIdFrom('back-up', 'other') };
  await here.append('campaign-other', 'none', [copied]);
  await here.close();
  const standalone = await opened('here');
  expect(await answerOf(standalone, '/activity/campaigns', { id: 'hm', ...campaign }, 'k')).toMatchObject({
    status: 422,
    body: { code: 'idempotency-key-reused' },
  });
  expect(await answerOf(standalone, '/activity/campaigns/hm')).toMatchObject({ status: 404 });
  expect(await answerOf(standalone, '/activity/campaigns', { id: 'hm2', ...campaign }, 'k2')).toMatchObject({
    status: 201,
  });
});
