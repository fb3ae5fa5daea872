import type { ServiceName } from '@phancong/contracts';
import type { Position } from '@phancong/event-sourcing';
import { inProcessProgress } from './in-process-progress.ts';
import { NotCaughtUp } from './progress.ts';

/** Whether the promise has settled once everything that was going to happen by now has happened. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  const mark = (): void => void (done = true);
  promise.then(mark, mark);
  await new Promise(setImmediate);
  return done;
}

const LONG = 60_000;

describe('progress of the readers in one process', () => {
  const heads: Record<ServiceName, Position> = { membership: 0, assignment: 0, activity: 0 };
  const progressOf = () =>
    inProcessProgress({
      heads: {
        membership: async () => heads.membership,
        assignment: async () => heads.assignment,
        activity: async () => heads.activity,
      },
    });
  beforeEach(() => Object.assign(heads, { membership: 0, assignment: 0, activity: 0 }));

  const coverage = {
    reader: 'reporting/coverage',
    service: 'reporting',
    sources: ['membership', 'assignment'] as const,
  };
  const results = { reader: 'reporting/results', service: 'reporting', sources: ['assignment'] as const };
  const leaving = {
    reader: 'assignment/leaving',
    service: 'assignment',
    sources: ['membership'] as const,
    process: true,
  };
  const admission = {
    reader: 'membership/admission',
    service: 'membership',
    sources: ['membership'] as const,
    process: true,
  };

  test('a service without readers of the source has nothing to wait for', async () => {
    const progress = progressOf();
    progress.register(results);
    await progress.waitFor('reporting', 'activity', 7, LONG);
    await progress.waitFor('activity', 'assignment', 7, LONG);
  });

  test('a reader that has not reported yet is behind', async () => {
    const progress = progressOf();
    progress.register(results);
    const waiting = progress.waitFor('reporting', 'assignment', 1, LONG);
    expect(await settled(waiting)).toBe(false);
    progress.consumed('reporting/results', 'assignment', 1);
    await waiting;
  });

  test('every reader of the service must have come as far', async () => {
    const progress = progressOf();
    progress.register(results);
    progress.register(coverage);
    const waiting = progress.waitFor('reporting', 'assignment', 5, LONG);
    progress.consumed('reporting/results', 'assignment', 9);
    progress.consumed('reporting/coverage', 'assignment', 4);
    expect(await settled(waiting)).toBe(false);
    progress.consumed('reporting/coverage', 'assignment', 5);
    await waiting;
  });

  test('readers of other services and other sources do not matter', async () => {
    const progress = progressOf();
    progress.register(results);
    progress.register({ reader: 'activity/known', service: 'activity', sources: ['assignment'] });
    progress.register({ reader: 'reporting/members', service: 'reporting', sources: ['membership'] });
    progress.consumed('reporting/results', 'assignment', 5);
    await progress.waitFor('reporting', 'assignment', 5, LONG);
  });

  test('what a process wrote because of it is waited for', async () => {
    const progress = progressOf();
    progress.register(coverage);
    progress.register(leaving);
    progress.consumed('reporting/coverage', 'membership', 8);
    const waiting = progress.waitFor('reporting', 'membership', 8, LONG);
    expect(await settled(waiting)).toBe(false);
    heads.assignment = 30;
    progress.consumed('assignment/leaving', 'membership', 8);
    expect(await settled(waiting)).toBe(false);
    progress.consumed('reporting/coverage', 'assignment', 30);
    await waiting;
  });

  test('what is written after the process has consumed it is not waited for', async () => {
    const progress = progressOf();
    progress.register(coverage);
    progress.register(leaving);
    heads.assignment = 30;
    progress.consumed('assignment/leaving', 'membership', 8);
    progress.consumed('reporting/coverage', 'membership', 8);
    const waiting = progress.waitFor('reporting', 'membership', 8, LONG);
    expect(await settled(waiting)).toBe(false);
    heads.assignment = 99;
    progress.consumed('reporting/coverage', 'assignment', 30);
    await waiting;
  });

  test('a reader of the service that is no process makes nothing follow', async () => {
    const progress = progressOf();
    progress.register(coverage);
    progress.register({ ...leaving, process: false });
    heads.assignment = 30;
    progress.consumed('reporting/coverage', 'membership', 8);
    await progress.waitFor('reporting', 'membership', 8, LONG);
  });

  test('a chain of processes is followed to its end', async () => {
    const progress = progressOf();
    for (const reader of [coverage, leaving, admission]) progress.register(reader);
    progress.consumed('reporting/coverage', 'membership', 8);
    progress.consumed('assignment/leaving', 'membership', 8);
    const waiting = progress.waitFor('reporting', 'membership', 8, LONG);
    heads.membership = 10;
    progress.consumed('membership/admission', 'membership', 8);
    expect(await settled(waiting)).toBe(false);
    progress.consumed('reporting/coverage', 'membership', 10);
    progress.consumed('membership/admission', 'membership', 10);
    heads.assignment = 5;
    expect(await settled(waiting)).toBe(false);
    progress.consumed('assignment/leaving', 'membership', 10);
    expect(await settled(waiting)).toBe(false);
    progress.consumed('reporting/coverage', 'assignment', 5);
    await waiting;
  });

  test('a process that writes to the log that it reads comes to an end though others write on', async () => {
    const progress = progressOf();
    progress.register(admission);
    const waiting = progress.waitFor('membership', 'membership', 1, LONG);
    let position = 0;
    let done = false;
    void waiting.then(() => (done = true));
    while (!done) {
      position += 1;
      heads.membership = position + 1;
      progress.consumed('membership/admission', 'membership', position);
      await new Promise(setImmediate);
    }
    expect(position).toBeLessThan(10);
  });

  test('who is still behind at the deadline is told so', async () => {
    const progress = progressOf();
    progress.register(results);
    await expect(progress.waitFor('reporting', 'assignment', 1, 1)).rejects.toThrow(NotCaughtUp);
    progress.consumed('reporting/results', 'assignment', 1);
    await progress.waitFor('reporting', 'assignment', 1, LONG);
  });

  test('a position once reached stays reached', async () => {
    const progress = progressOf();
    progress.register(results);
    progress.consumed('reporting/results', 'assignment', 9);
    progress.consumed('reporting/results', 'assignment', 3);
    await progress.waitFor('reporting', 'assignment', 9, LONG);
  });

  test('a reader that ends is waited for no more', async () => {
    const progress = progressOf();
    const forget = progress.register(results);
    const waiting = progress.waitFor('reporting', 'assignment', 1, LONG);
    forget();
    await waiting;
    await progress.waitFor('reporting', 'assignment', 1, LONG);
    progress.register(results);
    await expect(progress.waitFor('reporting', 'assignment', 1, 1)).rejects.toThrow(NotCaughtUp);
  });

  test('two readers of one name, or one that was never announced, are mistakes', () => {
    const progress = progressOf();
    progress.register(results);
    expect(() => progress.register(results)).toThrow('registered already');
    expect(() => progress.consumed('reporting/other', 'assignment', 1)).toThrow('no reader');
  });

  test('a log whose head cannot be read fails the waiting', async () => {
    const progress = inProcessProgress({ heads: { assignment: () => Promise.reject(new Error('closed')) } });
    progress.register(leaving);
    progress.consumed('assignment/leaving', 'membership', 1);
    await expect(progress.waitFor('reporting', 'membership', 1, LONG)).rejects.toThrow('closed');
  });
});
