import { KeyedQueue } from './keyed-queue.ts';

describe('a keyed queue', () => {
  /** A task that goes on until it is told to end. */
  const task = (log: string[], name: string) => {
    let end: (failed?: Error) => void = () => undefined;
    const ended = new Promise<void>((resolve, reject) => {
      end = (failed) => (failed ? reject(failed) : resolve());
    });
    const run = async (): Promise<string> => {
      log.push(`${name} begins`);
      await ended;
      log.push(`${name} ends`);
      return name;
    };
    return { run, end };
  };

  it('runs the tasks of one key one after the other, in order', async () => {
    const queue = new KeyedQueue();
    const log: string[] = [];
    const [one, two, three] = [task(log, 'one'), task(log, 'two'), task(log, 'three')];
    const results = Promise.all([one, two, three].map(({ run }) => queue.run('key', run)));
    three.end();
    two.end();
    one.end();
    expect(await results).toEqual(['one', 'two', 'three']);
    expect(log).toEqual(['one begins', 'one ends', 'two begins', 'two ends', 'three begins', 'three ends']);
  });

  it('runs the tasks of different keys side by side', async () => {
    const queue = new KeyedQueue();
    const log: string[] = [];
    const [slow, fast] = [task(log, 'slow'), task(log, 'fast')];
    const slowly = queue.run('a', slow.run);
    fast.end();
    await queue.run('b', fast.run);
    expect(log).toEqual(['slow begins', 'fast begins', 'fast ends']);
    slow.end();
    await slowly;
  });

  it('goes on after a task that failed, and tells only its own caller', async () => {
    const queue = new KeyedQueue();
    const log: string[] = [];
    const [failing, next] = [task(log, 'failing'), task(log, 'next')];
    const failed = queue.run('key', failing.run);
    const done = queue.run('key', next.run);
    failing.end(new Error('no'));
    next.end();
    await expect(failed).rejects.toThrow('no');
    await expect(done).resolves.toBe('next');
  });

  it('starts at once when nothing is under way', async () => {
    const log: string[] = [];
    const first = new KeyedQueue().run('key', async () => log.push('first'));
    expect(log).toEqual(['first']);
    await first;
  });
});
