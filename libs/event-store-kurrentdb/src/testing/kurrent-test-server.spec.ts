import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { type KurrentTestServer, startKurrentTestServer } from './kurrent-test-server.ts';

const events = (count: number) => Array.from({ length: count }, (_, n) => jsonEvent({ type: 'Counted', data: { n } }));
const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
};

describe("the client's own calls, on the server for tests", () => {
  let server: KurrentTestServer;
  let client: EventStoreDBClient;
  let folder: string;
  const connect = (): EventStoreDBClient =>
    EventStoreDBClient.connectionString(server.connectionString.replace('kurrentdb', 'esdb'));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phancong-server-'));
    server = await startKurrentTestServer({ file: join(folder, 'log.db') });
    client = connect();
  });
  afterEach(async () => {
    await client.dispose();
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('append and read a stream both ways, with limits', async () => {
    const appended = await client.appendToStream('a', events(100), { expectedRevision: NO_STREAM });
    expect(appended).toMatchObject({ success: true, nextExpectedRevision: 99n });
    const forwards = await collect(client.readStream('a', { fromRevision: 90n, maxCount: 5 }));
    expect(forwards.map(({ event }) => event?.revision)).toEqual([90n, 91n, 92n, 93n, 94n]);
    const back = await collect(client.readStream('a', { direction: BACKWARDS, fromRevision: END, maxCount: 70 }));
    expect(back.map(({ event }) => event?.revision)).toEqual(Array.from({ length: 70 }, (_, n) => BigInt(99 - n)));
    await expect(collect(client.readStream('b'))).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('append with credentials, one call each, and are told of a wrong revision', async () => {
    const credentials = { username: 'admin', password: 'changeit' };
    await client.appendToStream('a', events(2), { expectedRevision: NO_STREAM, credentials });
    const again = client.appendToStream('a', events(1), { expectedRevision: 0n, credentials });
    await expect(again).rejects.toMatchObject({ type: 'wrong-expected-version', actualVersion: 1n });
  });

  it('read the whole log both ways: the middle of a record is refused', async () => {
    const { position } = await client.appendToStream('a', events(40));
    const all = await collect(client.readAll());
    expect(all.map(({ event }) => event?.streamId)).toEqual(['$test-server', ...Array(40).fill('a')]);
    const back = await collect(client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 2 }));
    expect(back.map(({ event }) => event?.position?.commit)).toEqual([
      position?.commit,
      all.at(-2)?.event?.position?.commit,
    ]);
    const between = (position?.commit ?? 0n) - 1n;
    const read = collect(client.readAll({ fromPosition: { commit: between, prepare: between } }));
    await expect(read).rejects.toThrow('invalid position');
  });

  it('subscribe with a filter: what is there, caught up, what comes; checkpoints move on with the rest', async () => {
    await client.appendToStream('mine/1', events(3));
    await client.appendToStream('other/1', events(70));
    const checkpoints: bigint[] = [];
    const filter = streamNameFilter({
      prefixes: ['mine/'],
      checkpointInterval: 1,
      checkpointReached: async (_subscription, { commit }) => {
        checkpoints.push(commit);
      },
    });
    const subscription = client.subscribeToAll({ fromPosition: START, filter });
    const seen: AllStreamResolvedEvent[] = [];
    const caughtUp = new Promise<number>((resolve) => subscription.on('caughtUp', () => resolve(seen.length)));
    const fifth = new Promise<void>((resolve) => {
      subscription.on('data', (event) => {
        seen.push(event);
        if (seen.length === 5) resolve();
      });
    });
    expect(await caughtUp).toBe(3);
    expect(checkpoints.length).toBeGreaterThanOrEqual(3);
    await client.appendToStream('other/1', events(1));
    await client.appendToStream('mine/2', events(2));
    await fifth;
    expect(seen.map(({ event }) => event?.streamId)).toEqual(['mine/1', 'mine/1', 'mine/1', 'mine/2', 'mine/2']);
    await subscription.unsubscribe();
  });

  it('find it by gossip, and find what it kept when it has come back', async () => {
    await client.appendToStream('a', events(3));
    await server.close();
    server = await startKurrentTestServer({ file: join(folder, 'log.db') });
    const { host } = new URL(server.connectionString);
    const found = EventStoreDBClient.connectionString(`esdb+discover://${host}?tls=false`);
    expect(await collect(found.readStream('a'))).toHaveLength(3);
    await found.dispose();
  });
});
