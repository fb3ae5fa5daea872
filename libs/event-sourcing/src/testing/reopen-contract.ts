import { type MadeDurableStore, type MakeDurableStore, SettableClock, wholeLog } from './event-store-under-test.ts';
import { newEvents } from './new-event.ts';

export function reopenContract(makeStore: MakeDurableStore): void {
  let clock: SettableClock;
  let made: MadeDurableStore;
  beforeEach(async () => {
    clock = new SettableClock();
    made = await makeStore(clock.tell);
  });
  afterEach(() => made.cleanUp());

  it('has everything that was answered, unchanged, and goes on', async () => {
    await made.store.append('member-1', 'none', newEvents(3));
    await made.store.append('member-2', 'none', newEvents(2));
    const before = await wholeLog(made.store);
    const again = await made.reopen();
    expect(await wholeLog(again)).toEqual(before);
    const { revision, position } = await again.append('member-1', 2, newEvents(1));
    expect(revision).toBe(3);
    expect(position).toBeGreaterThan(before.at(-1)?.position ?? Infinity);
  });

  it('knows repeats, conflicts and duplicates', async () => {
    const events = newEvents(2);
    const answer = await made.store.append('member-1', 'none', events);
    const again = await made.reopen();
    expect(await again.append('member-1', 'none', events)).toEqual(answer);
    await expect(again.append('member-1', 'none', newEvents(1))).rejects.toMatchObject({ actual: 1 });
    await expect(again.append('member-2', 'none', events)).rejects.toMatchObject({ name: 'DuplicateEvent' });
  });

  it('records no earlier than before', async () => {
    await made.store.append('member-1', 'none', newEvents(1));
    clock.set('2000-01-01T00:00:00.000Z');
    const again = await made.reopen();
    await again.append('member-1', 0, newEvents(1));
    expect((await wholeLog(again)).map(({ recordedAt }) => recordedAt)).toEqual([
      '2014-05-02T03:04:05.678Z',
      '2014-05-02T03:04:05.678Z',
    ]);
  });

  it('has of what was under way at closing just what was answered as made', async () => {
    const appends = Array.from({ length: 5 }, (_, index) => made.store.append(`member-${index}`, 'none', newEvents(1)));
    const settled = Promise.allSettled(appends);
    const again = await made.reopen();
    const answered = (await settled).filter(({ status }) => status === 'fulfilled');
    expect(await wholeLog(again)).toHaveLength(answered.length);
  });
}
