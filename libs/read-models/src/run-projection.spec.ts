import type { Message, ServiceName } from '@phancong/contracts';
import type { Position } from '@phancong/event-sourcing';
import { evolveDocuments } from './evolving.ts';
import { inMemoryStorage } from './in-memory-read-models.ts';
import type { ProgressReports } from './message-feed.ts';
import { BeingRebuilt, type Projection, type ReadModels } from './read-models.ts';
import { rebuildProjection } from './rebuild-projection.ts';
import { type RunOptions, type RunningProjection, runProjection } from './run-projection.ts';
import { storedReadModels } from './stored-read-models.ts';
import { type MessageLog, group, groups, messageLog, recounted } from './testing/index.ts';

/** Groups with their last headcount; `factor` is what a changed rule changes. */
const headcounts = (changed: Partial<Projection> = {}, factor = 1): Projection => ({
  name: 'headcounts',
  version: 1,
  models: [groups],
  sources: ['assignment'],
  apply: (messages, session) =>
    evolveDocuments(
      {
        model: groups,
        ids: (message) => (message.type === 'GroupRecounted' ? [message.group] : []),
        evolve: (doc, message) =>
          message.type === 'GroupRecounted' ? group(message.group, message.headcount * factor) : doc,
      },
      messages,
      session,
    ),
  ...changed,
});

describe('a projection', () => {
  const storage = { current: inMemoryStorage() };
  let readModels: ReadModels;
  let feed: MessageLog;
  let running: RunningProjection[];
  let reports: [string, ServiceName, Position][];
  let announced: string[];
  const progress: ProgressReports = {
    register({ service, reader, sources, process }) {
      announced.push(`${service} ${reader} ${sources.join()} ${process}`);
      return () => announced.push(`forget ${reader}`);
    },
    consumed: (...report) => reports.push(report),
  };

  beforeEach(() => {
    storage.current = inMemoryStorage();
    readModels = storedReadModels(storage.current);
    feed = messageLog();
    [running, reports, announced] = [[], [], []];
  });
  afterEach(() => Promise.all(running.map((projection) => projection.stop())));

  const run = (projection: Projection, more: Partial<RunOptions> = {}): RunningProjection => {
    const started = runProjection({ projection, readModels, feed, progress, service: 'reporting', ...more });
    running.push(started);
    return started;
  };
  const publish = (from: number, through: number): void => {
    for (let at = from; at <= through; at += 1) feed.publish(recounted(`g${at % 3}`, at, at * 10, at));
  };
  const headcount = async (id: string, of = headcounts()) => (await readModels.reader(of).get(groups, id))?.headcount;

  test('brings its documents up to what was published', async () => {
    publish(1, 20);
    await run(headcounts()).whenCaughtUp({ assignment: 20 });
    expect([await headcount('g0'), await headcount('g1'), await headcount('g2')]).toEqual([180, 190, 200]);
    expect(await readModels.positions(headcounts())).toEqual({ assignment: 20 });
  });

  test('goes on from its stored position after a restart', async () => {
    publish(1, 7);
    const first = run(headcounts());
    await first.whenCaughtUp({ assignment: 7 });
    await first.stop();
    publish(8, 9);
    const seen: number[] = [];
    const counting = headcounts({
      apply: async (messages) => void seen.push(...messages.map(({ position }) => position)),
    });
    await run(counting).whenCaughtUp({ assignment: 9 });
    expect(seen).toEqual([8, 9]);
  });

  test('announces its reader at once and reports how far it has come', async () => {
    publish(1, 7);
    const started = run(headcounts(), { service: 'assignment', process: true });
    expect(announced).toEqual(['assignment assignment/headcounts assignment true']);
    await started.whenCaughtUp({ assignment: 7 });
    expect(reports.at(-1)).toEqual(['assignment/headcounts', 'assignment', 7]);
    await started.stop();
    expect(announced.at(-1)).toBe('forget assignment/headcounts');
  });

  test('reports its stored position after a restart, without anything new', async () => {
    publish(1, 7);
    const first = run(headcounts());
    await first.whenCaughtUp({ assignment: 7 });
    await first.stop();
    reports = [];
    await run(headcounts()).whenCaughtUp({ assignment: 7 });
    expect(reports[0]).toEqual(['reporting/headcounts', 'assignment', 7]);
  });

  test('is not caught up before every source is', async () => {
    const both = run(headcounts({ sources: ['assignment', 'membership'] }));
    publish(1, 1);
    await both.whenCaughtUp({ assignment: 1 });
    let done = false;
    const waiting = both.whenCaughtUp({ assignment: 1, membership: 1 });
    waiting.then(
      () => (done = true),
      () => undefined,
    );
    await new Promise(setImmediate);
    expect(done).toBe(false);
    await both.stop();
    await expect(waiting).rejects.toThrow('stopped');
  });

  test('applies a batch again that failed', async () => {
    let failures = 2;
    const working = headcounts();
    const flaky = headcounts({
      async apply(messages, session) {
        await working.apply(messages, session);
        failures -= 1;
        if (failures >= 0) throw new Error('not now');
      },
    });
    publish(1, 3);
    await run(flaky).whenCaughtUp({ assignment: 3 });
    expect(await headcount('g1')).toBe(10);
  });

  test('applies what was set aside without moving its position', async () => {
    const started = run(headcounts());
    publish(1, 3);
    await started.whenCaughtUp({ assignment: 3 });
    await feed.replay('reporting/headcounts', recounted('late', 0, 5, 2));
    expect(await headcount('late')).toBe(5);
    expect(await readModels.positions(headcounts())).toEqual({ assignment: 3 });
  });

  test('takes of a delivery only what is new to it', async () => {
    const seen: number[] = [];
    const counting = headcounts({
      apply: async (messages: readonly Message[]) => void seen.push(...messages.map(({ position }) => position)),
    });
    await readModels.commit(counting, 'assignment', 2, async () => undefined);
    publish(1, 4);
    // A reader that lags behind the stored position, as after a swap.
    const lagging: ReadModels = { ...readModels, positions: async () => ({}) };
    await run(counting, { readModels: lagging, feed: { subscribe: once(feed) } }).whenCaughtUp({ assignment: 4 });
    expect(seen).toEqual([3, 4]);
  });

  describe('being rebuilt', () => {
    const rebuild = (projection: Projection, more: Partial<Parameters<typeof rebuildProjection>[0]> = {}) =>
      rebuildProjection({ projection, readModels, feed, service: 'reporting', ...more });

    test('has the documents that a replay of everything gives', async () => {
      publish(1, 12);
      await run(headcounts()).whenCaughtUp({ assignment: 12 });
      await readModels.commit(headcounts(), 'assignment', 'replay', (session) =>
        session.put(groups, 'stray', group('stray', 1)),
      );
      await rebuild(headcounts());
      expect([await headcount('g0'), await headcount('stray')]).toEqual([120, undefined]);
      publish(13, 15);
      await running[0]?.whenCaughtUp({ assignment: 15 });
      expect(await headcount('g0')).toBe(150);
    });

    test('answers and keeps up meanwhile', async () => {
      publish(1, 12);
      const live = run(headcounts());
      await live.whenCaughtUp({ assignment: 12 });
      const progressed: [number, number][] = [];
      let more = 13;
      const working = headcounts();
      const slow = headcounts({
        async apply(messages, session) {
          if (more <= 16) {
            publish(more, more);
            await live.whenCaughtUp({ assignment: more });
            more += 1;
            expect(await headcount('g0')).toBeGreaterThanOrEqual(120);
          }
          await working.apply(messages, session);
        },
      });
      await rebuild(slow, { onProgress: (done, total) => progressed.push([done, total]) });
      expect(await headcount('g1')).toBe(160);
      expect(progressed[0]).toEqual([5, 13]);
      expect(progressed.at(-1)).toEqual([16, 16]);
    });

    test('takes its place later when there was no room for that after the last message', async () => {
      publish(1, 12);
      await run(headcounts()).whenCaughtUp({ assignment: 12 });
      let full = true;
      const { activate } = storage.current;
      storage.current.activate = (generation) => {
        if (full) {
          full = false;
          throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
        }
        activate(generation);
      };
      await rebuild(headcounts({}, 7));
      expect([full, await headcount('g0')]).toEqual([false, 840]);
    });

    test('stays as it was when the rebuild is given up', async () => {
      publish(1, 12);
      await run(headcounts()).whenCaughtUp({ assignment: 12 });
      const giveUp = new AbortController();
      const onProgress = () => giveUp.abort(new Error('enough'));
      await expect(rebuild(headcounts({}, 7), { onProgress, signal: giveUp.signal })).rejects.toThrow('enough');
      expect(await headcount('g0')).toBe(120);
      expect(storage.current.generations()).toHaveLength(1);
      await expect(rebuild(headcounts(), { signal: giveUp.signal })).rejects.toThrow('enough');
    });

    test('is rebuilt at start when its layout has changed', async () => {
      publish(1, 12);
      const old = run(headcounts());
      await old.whenCaughtUp({ assignment: 12 });
      await old.stop();
      readModels = storedReadModels(storage.current);
      const newer = headcounts({ version: 2 }, 7);
      const rebuilt: number[] = [];
      const started = run(newer, { onRebuild: (done) => rebuilt.push(done) });
      await expect(headcount('g0', newer)).rejects.toThrow(BeingRebuilt);
      await started.ready;
      expect(await headcount('g0', newer)).toBe(840);
      expect(rebuilt).toEqual([5, 10, 12]);
      publish(13, 15);
      await started.whenCaughtUp({ assignment: 15 });
      expect(await headcount('g0', newer)).toBe(1_050);
      expect(storage.current.generations()).toHaveLength(1);
    });

    test('is not waited for here once another copy of the service has rebuilt it', async () => {
      publish(1, 12);
      const old = run(headcounts());
      await old.whenCaughtUp({ assignment: 12 });
      await old.stop();
      readModels = storedReadModels(storage.current);
      const newer = headcounts({ version: 2 }, 7);
      // The copies share their readers: what this one subscribes to is delivered to the other one, for now.
      const held: Parameters<MessageLog['subscribe']>[0][] = [];
      const elsewhere: Pick<MessageLog, 'subscribe'> = {
        subscribe: (subscriber) => {
          held.push(subscriber);
          return { stop: async () => undefined };
        },
      };
      const waiting = run(newer, { feed: elsewhere });
      await run(newer).ready;
      await waiting.ready;
      expect(await headcount('g0', newer)).toBe(840);
      // The rebuild's, and that of the set that was rebuilt.
      expect(held).toHaveLength(2);
      expect(storage.current.generations()).toHaveLength(1);
    });

    test('can be stopped while it is rebuilt at start', async () => {
      publish(1, 12);
      await run(headcounts()).whenCaughtUp({ assignment: 12 });
      await running[0]?.stop();
      readModels = storedReadModels(storage.current);
      const stuck = headcounts({ version: 2, apply: () => Promise.reject(new Error('wrong rule')) });
      const started = run(stuck);
      await new Promise(setImmediate);
      await started.stop();
      await expect(started.ready).rejects.toThrow('stopped');
      expect(await readModels.outdated(stuck)).toBe(true);
      expect(storage.current.generations()).toHaveLength(1);
    });
  });
});

/** Subscribes so that the first delivery begins at the beginning, and nothing is asked again. */
const once =
  (feed: MessageLog): MessageLog['subscribe'] =>
  (subscriber) => {
    let from: Position = 0;
    return feed.subscribe({
      ...subscriber,
      position: async () => from,
      async consume(batch) {
        await subscriber.consume(batch);
        from = batch.through;
      },
    });
  };
