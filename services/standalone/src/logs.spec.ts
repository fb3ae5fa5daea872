import { ActivityMessage, AssignmentMessage, MembershipMessage, ServiceName } from '@phancong/contracts';
import type { RecordedEvent } from '@phancong/event-sourcing';
import { sqliteEventStore } from '@phancong/event-store-sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { operationsOf } from './testing/api-document.ts';
import { ground, serve, type Served, tell } from './testing/served.ts';
import { World } from './testing/world.ts';

let dataDir: string;
let served: Served;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'logs-'));
  served = await serve(dataDir);
});
afterEach(async () => {
  await served.close();
  rmSync(dataDir, { recursive: true });
});

async function logOf(service: string): Promise<readonly RecordedEvent[]> {
  const store = sqliteEventStore({ file: join(dataDir, service, 'events.db') });
  try {
    return await store.readAll(0, 100_000);
  } finally {
    await store.close();
  }
}

/** Made only when the member who takes over goes in the very moment: shown beside the process. */
const RARE = 'HandOverRefused';

const published = [MembershipMessage, AssignmentMessage, ActivityMessage].flatMap(({ options }) =>
  options.map(({ shape }) => shape.type.value),
);

it('every event names who did it and by which command, and follows the one before it in its stream', async () => {
  const operations = operationsOf((await served.request('GET', '/openapi.json')).body);
  const world = await World.in(served, operations);
  for (const operation of operations.filter(({ method, path }) => method === 'POST' && !path.startsWith('/admin/'))) {
    const { path, body } = await world.request(operation);
    expect([path, await served.request('POST', path, { body })]).toMatchObject([path, { status: operation.status }]);
    await served.settled();
  }
  const events = (await Promise.all(ServiceName.options.map(logOf))).flat();

  const types = new Set(events.map(({ type }) => type));
  expect(published.filter((type) => !types.has(type) && type !== RARE)).toEqual([]);
  expect(new Set(events.map(({ by }) => by.replace(/:.*/, '')))).toEqual(new Set(['local-operator', 'process']));
  expect(events.filter(({ command }) => !z.uuid().safeParse(command).success)).toEqual([]);
  const ends = new Map<string, number>();
  for (const { stream, revision } of events) {
    expect([stream, revision]).toEqual([stream, (ends.get(stream) ?? -1) + 1]);
    ends.set(stream, revision);
  }
}, 120_000);

describe('several who change the same thing at once', () => {
  const times = 12;
  const recount = (headcount: number, headers: Record<string, string> = {}) =>
    served.request('POST', '/assignment/groups/group/recount', { body: { headcount, on: '2014-01-01' }, headers });
  const recounts = async () => (await logOf('assignment')).filter(({ type }) => type === 'GroupRecounted');
  beforeEach(() => tell(served, ground));

  it('with what they saw: one does it, the others are told that it has moved on', async () => {
    const seen = (await served.request('GET', '/assignment/groups/group')).headers.get('etag') ?? '';
    const answers = await Promise.all(
      Array.from({ length: times }, (_, index) => recount(100 + index, { 'if-match': seen })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: times - 1 }, () => 412)]);
    expect(await recounts()).toHaveLength(1);
  });

  it('without: each does it after the other, and none is lost', async () => {
    const answers = await Promise.all(Array.from({ length: times }, (_, index) => recount(100 + index)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await recounts()).map(({ revision }) => revision)).toEqual(answers.map((_, index) => index + 1));
  });
});
