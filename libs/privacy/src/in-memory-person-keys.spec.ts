import { inMemoryPersonKeys } from './in-memory-person-keys.ts';
import { personKeysContract } from './testing/index.ts';

personKeysContract('in memory', async () => {
  const keys = inMemoryPersonKeys();
  return { keys, dispose: () => keys.close() };
});
