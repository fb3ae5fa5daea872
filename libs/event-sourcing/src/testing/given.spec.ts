import type { Decider } from '../decider.ts';
import { Refusal } from '../refusal.ts';
import { given } from './given.ts';

/** Counts up; refuses to go over three. */
const counter: Decider<number, { add: number }, { added: number; note?: string | undefined }> = {
  initialState: 0,
  decide({ add }, state) {
    if (add < 0) throw new TypeError('a bug');
    if (state + add > 3) throw new Refusal('conflict', 'too-many', { at: state });
    return Array.from({ length: add }, (_, index) => ({ added: index }));
  },
  evolve: (state) => state + 1,
};
const one = { added: 0 };

describe('given/when/then', () => {
  it('passes when it is as said', () => {
    given(counter)
      .when({ add: 2 })
      .then([{ added: 0 }, { added: 1, note: undefined }]);
    given(counter, [one]).when({ add: 0 }).thenNothing();
    given(counter, [one, one]).when({ add: 2 }).thenRefused('too-many');
    given(counter, [one, one]).when({ add: 2 }).thenRefused('too-many', { at: 2 });
  });

  it.each<[string, () => void]>([
    [
      'other events',
      () =>
        given(counter)
          .when({ add: 1 })
          .then([{ added: 7 }]),
    ],
    [
      'another order',
      () =>
        given(counter)
          .when({ add: 2 })
          .then([{ added: 1 }, { added: 0 }]),
    ],
    ['an event more', () => given(counter).when({ add: 2 }).then([one])],
    ['an event instead of nothing', () => given(counter).when({ add: 1 }).thenNothing()],
    ['an event instead of a refusal', () => given(counter).when({ add: 1 }).thenRefused('too-many')],
    ['nothing instead of a refusal', () => given(counter).when({ add: 0 }).thenRefused('too-many')],
    ['a refusal instead of events', () => given(counter).when({ add: 4 }).then([one])],
    ['a refusal instead of nothing', () => given(counter).when({ add: 4 }).thenNothing()],
    ['another code', () => given(counter).when({ add: 4 }).thenRefused('too-few')],
    ['other facts', () => given(counter).when({ add: 4 }).thenRefused('too-many', { at: 1 })],
    ['fewer facts', () => given(counter).when({ add: 4 }).thenRefused('too-many', {})],
    ['an error that is no refusal', () => given(counter).when({ add: -1 }).thenRefused('a bug')],
  ])('fails for %s', (_, test) => {
    expect(test).toThrow();
  });
});
