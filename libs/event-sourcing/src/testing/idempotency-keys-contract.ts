import { type IdempotencyKeys, type IdempotencyKeysOptions, KEEP_KEYS_MS } from '../idempotency-keys.ts';
import { SettableClock } from './event-store-under-test.ts';

export interface MadeIdempotencyKeys {
  readonly keys: IdempotencyKeys;
  readonly cleanUp: () => Promise<void>;
}

/** The behaviour that every IdempotencyKeys has, as a Jest suite. */
export function idempotencyKeysContract(
  name: string,
  makeKeys: (options: IdempotencyKeysOptions) => Promise<MadeIdempotencyKeys>,
): void {
  describe(`idempotency keys: ${name}`, () => {
    let clock: SettableClock;
    let made: MadeIdempotencyKeys;
    let keys: IdempotencyKeys;
    beforeEach(async () => {
      clock = new SettableClock();
      made = await makeKeys({ clock: clock.tell });
      keys = made.keys;
    });
    afterEach(() => made.cleanUp());
    const wait = (ms: number): void => clock.set(new Date(clock.now.getTime() + ms).toISOString());

    it('the first request has the key, without an answer yet', async () => {
      expect(await keys.claim('k1', 'request A')).toEqual({ fingerprint: 'request A' });
    });

    it('the same request again finds its own claim, and the answer once there is one', async () => {
      await keys.claim('k1', 'request A');
      expect(await keys.claim('k1', 'request A')).toEqual({ fingerprint: 'request A' });
      await keys.answered('k1', '{"id":"đ"}');
      expect(await keys.claim('k1', 'request A')).toEqual({ fingerprint: 'request A', answer: '{"id":"đ"}' });
    });

    it('another request with the key is told who has it', async () => {
      await keys.claim('k1', 'request A');
      expect(await keys.claim('k1', 'request B')).toEqual({ fingerprint: 'request A' });
      await keys.answered('k1', 'done');
      expect(await keys.claim('k1', 'request B')).toEqual({ fingerprint: 'request A', answer: 'done' });
    });

    it('of many at the same time one has the key', async () => {
      const claims = await Promise.all(Array.from({ length: 20 }, (_, index) => keys.claim('k1', `request ${index}`)));
      expect(new Set(claims.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    });

    it('keys are kept apart, also by case', async () => {
      await keys.claim('k1', 'request A');
      await keys.answered('k1', 'A');
      expect(await keys.claim('K1', 'request B')).toEqual({ fingerprint: 'request B' });
    });

    it('a key that was released is free', async () => {
      await keys.claim('k1', 'request A');
      await keys.release('k1');
      expect(await keys.claim('k1', 'request B')).toEqual({ fingerprint: 'request B' });
    });

    it('nothing comes of an answer or a release for a key that nobody has', async () => {
      await keys.answered('k1', 'done');
      await keys.release('k1');
      expect(await keys.claim('k1', 'request A')).toEqual({ fingerprint: 'request A' });
    });

    it('a key is kept for seven days from its claim, then it is free', async () => {
      await keys.claim('k1', 'request A');
      await keys.answered('k1', 'done');
      wait(KEEP_KEYS_MS - 1);
      expect(await keys.claim('k1', 'request A')).toEqual({ fingerprint: 'request A', answer: 'done' });
      wait(1);
      expect(await keys.claim('k1', 'request B')).toEqual({ fingerprint: 'request B' });
      wait(KEEP_KEYS_MS - 1);
      expect(await keys.claim('k1', 'request B')).toEqual({ fingerprint: 'request B' });
    });
  });
}
