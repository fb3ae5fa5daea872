import { inMemoryIdempotencyKeys } from './in-memory-idempotency-keys.ts';
import { idempotencyKeysContract } from './testing/index.ts';

idempotencyKeysContract('in memory', async (options) => {
  const keys = inMemoryIdempotencyKeys(options);
  return { keys, cleanUp: () => keys.close() };
});
