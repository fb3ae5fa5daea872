import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inMemoryEventStore } from '@phancong/event-sourcing';
import { fcSeed } from '@phancong/event-sourcing/testing';
import fc from 'fast-check';
import { type Failure, type ParkedKeys, embeddedFeed, inMemoryParkedKeys, sqliteParkedKeys } from './index.ts';
import {
  type FeedUnderTest,
  deadLettersContract,
  feedContract,
  groupLog,
  publishRecounts,
  recordingReader,
} from './testing/index.ts';

function feedOver(reopenKeys: () => ParkedKeys, cleanUp: () => Promise<void>): FeedUnderTest {
  const stores = {
    membership: inMemoryEventStore(),
    assignment: inMemoryEventStore(),
    activity: inMemoryEventStore(),
  };
  const failures: Failure[] = [];
  const open = () =>
    embeddedFeed({
      sources: {
        assignment: { store: stores.assignment, publish: publishRecounts('assignment') },
        activity: { store: stores.activity, publish: publishRecounts('activity') },
      },
      batchSize: 10,
      retries: { tries: 3, delayMs: () => 0 },
      parkedKeys: reopenKeys(),
      onFailure: (failure) => failures.push(failure),
    });
  return {
    feed: open(),
    logs: {
      membership: groupLog(stores.membership),
      assignment: groupLog(stores.assignment),
      activity: groupLog(stores.activity),
    },
    failures,
    reopen: async () => open(),
    cleanUp,
  };
}

async function inMemory(): Promise<FeedUnderTest> {
  const keys = inMemoryParkedKeys();
  return feedOver(
    () => keys,
    async () => undefined,
  );
}

async function onDisk(): Promise<FeedUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'parked-keys-'));
  const opened: ParkedKeys[] = [];
  const open = (): ParkedKeys => {
    const keys = sqliteParkedKeys({ file: join(folder, 'reporting', 'parked-keys.db') });
    opened.push(keys);
    return keys;
  };
  return feedOver(open, async () => {
    await Promise.all(opened.map((keys) => keys.close()));
    await rm(folder, { recursive: true });
  });
}

feedContract('embedded', inMemory);
deadLettersContract('embedded, parked keys in memory', inMemory);
deadLettersContract('embedded, parked keys in SQLite', onDisk);

describe('the embedded feed', () => {
  test('translates an event once for readers at the same place', async () => {
    const store = inMemoryEventStore();
    const publish = publishRecounts('assignment');
    const feed = embeddedFeed({ sources: { assignment: { store, publish } }, batchSize: 10 });
    const log = groupLog(store);
    for (let count = 0; count < 30; count += 1) await log.recount('may', count);
    const readers = ['a', 'b', 'c'].map((consumer) => recordingReader(consumer));
    const subscriptions = readers.map(({ subscriber }) => feed.subscribe(subscriber));
    await Promise.all(readers.map((reader) => reader.until(() => reader.position === 30)));
    await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    expect(publish.translated).toBe(30);
  });

  test('brings together what comes in turn after turn', async () => {
    const store = inMemoryEventStore();
    const feed = embeddedFeed({ sources: { assignment: { store, publish: publishRecounts('assignment') } } });
    const reader = recordingReader();
    const subscription = feed.subscribe(reader.subscriber);
    const log = groupLog(store);
    for (let count = 1; count <= 40; count += 1) {
      await log.recount('may', count);
      await new Promise(setImmediate);
    }
    await reader.until(() => reader.position === 40);
    await subscription.stop();
    expect(reader.deliveries.length).toBeLessThanOrEqual(20);
  });

  test('gives a new reader what was appended while another was reading at the same place', async () => {
    const store = inMemoryEventStore();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = {
      ...store,
      readAll: async (after: number, limit: number) => {
        const events = await store.readAll(after, limit);
        if (events.length === 0) await held;
        return events;
      },
    };
    const source = { store: slow, publish: publishRecounts('assignment') };
    const feed = embeddedFeed({ sources: { assignment: source } });
    const [first, second] = [recordingReader('first'), recordingReader('second')];
    const subscriptions = [feed.subscribe(first.subscriber)];
    await new Promise(setImmediate);
    await groupLog(store).recount('may', 1);
    subscriptions.push(feed.subscribe(second.subscriber));
    await new Promise(setImmediate);
    release();
    await Promise.all([first, second].map((reader) => reader.until(() => reader.position === 1)));
    await Promise.all(subscriptions.map((subscription) => subscription.stop()));
  });

  test('goes on when the log could not be read for a while', async () => {
    const store = inMemoryEventStore();
    let left = 3;
    const flaky = {
      ...store,
      readAll: async (after: number, limit: number) => {
        left -= 1;
        if (left > 0) throw new Error('disk asleep');
        return store.readAll(after, limit);
      },
    };
    const failures: Failure[] = [];
    const feed = embeddedFeed({
      sources: { assignment: { store: flaky, publish: publishRecounts('assignment') } },
      retries: { tries: 1, delayMs: () => 0 },
      onFailure: (failure) => failures.push(failure),
    });
    await groupLog(store).recount('may', 1);
    const reader = recordingReader();
    const subscription = feed.subscribe(reader.subscriber);
    await reader.until(() => reader.position === 1);
    await subscription.stop();
    expect(failures).toHaveLength(2);
  });

  test('keeps trying when a key could not be parked', async () => {
    const store = inMemoryEventStore();
    const keys = inMemoryParkedKeys();
    let left = 2;
    const parkedKeys: ParkedKeys = {
      ...keys,
      async add(parked) {
        left -= 1;
        if (left >= 0) throw new Error('disk full');
        await keys.add(parked);
      },
    };
    const feed = embeddedFeed({
      sources: { assignment: { store, publish: publishRecounts('assignment') } },
      retries: { tries: 2, delayMs: () => 0 },
      parkedKeys,
      onFailure: () => undefined,
    });
    const log = groupLog(store);
    await log.recount('may', 1);
    await log.recount('dien', 1);
    const reader = recordingReader();
    reader.fail = ({ messages }) => {
      if (messages.some(({ key }) => key === 'group-may')) throw new Error('unreadable');
    };
    const subscription = feed.subscribe(reader.subscriber);
    await reader.until(() => reader.position === 2);
    await subscription.stop();
    expect(reader.consumed).toEqual(['dien:1']);
    expect(await keys.all()).toHaveLength(1);
  });

  test('has only the sources that it was given', () => {
    expect(() => embeddedFeed({ sources: {} }).subscribe(recordingReader().subscriber)).toThrow(RangeError);
  });

  test('brings every message at least once and each key in order, whatever fails', async () => {
    const failing = fc.array(fc.constantFrom<'before' | 'after' | 'no'>('before', 'after', 'no'), { maxLength: 40 });
    const groups = fc.array(fc.constantFrom('may', 'dien', 'tre'), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(groups, failing, fc.integer({ min: 1, max: 7 }), async (recounted, fails, batchSize) => {
        const store = inMemoryEventStore();
        const log = groupLog(store);
        const feed = embeddedFeed({
          sources: { assignment: { store, publish: publishRecounts('assignment') } },
          batchSize,
          retries: { tries: 100, delayMs: () => 0 },
          onFailure: () => undefined,
        });
        const reader = recordingReader();
        const seen: number[] = [];
        const left = [...fails];
        reader.fail = ({ messages, through }) => {
          const next = left.shift();
          if (next === 'before') throw new Error('before');
          seen.push(...messages.map(({ position }) => position));
          if (next !== 'after') return;
          reader.position = through;
          throw new Error('after');
        };
        const subscription = feed.subscribe(reader.subscriber);
        for (const [at, group] of recounted.entries()) await log.recount(group, at);
        await reader.until(() => reader.position === recounted.length);
        await subscription.stop();
        expect(seen).toEqual(recounted.map((_, at) => at + 1));
      }),
      fcSeed(),
    );
  });
});
