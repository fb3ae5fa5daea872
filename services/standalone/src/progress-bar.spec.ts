import { PassThrough } from 'node:stream';
import { progressBar } from './progress-bar.ts';

describe('progress in a log', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is told every two seconds, also while nobody knows how long it takes', async () => {
    const out = new PassThrough();
    const said: string[] = [];
    out.on('data', (bytes) => said.push(...String(bytes).trim().split('\n')));
    const bar = progressBar('Loading', out);
    bar.at(0.5, '2009-12');
    jest.advanceTimersByTime(2_000);
    bar.at(1, '2014-12');
    let done = (): void => undefined;
    const shown = bar.during('bringing the figures up to date', () => new Promise<void>((resolve) => (done = resolve)));
    await jest.advanceTimersByTimeAsync(4_000);
    done();
    await shown;
    bar.done();
    bar.end();
    expect(said).toEqual([
      'Loading: 99 % 2014-12',
      'Loading: 99 % bringing the figures up to date',
      'Loading: 99 % bringing the figures up to date',
      'Loading: 100 %',
    ]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
