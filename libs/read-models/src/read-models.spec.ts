import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inMemoryStorage } from './in-memory-read-models.ts';
import { sqliteReadModels } from './sqlite-read-models.ts';
import { storedReadModels } from './stored-read-models.ts';
import { type ReadModelsUnderTest, findingContract, generationsContract, readModelsContract } from './testing/index.ts';

async function inMemory(): Promise<ReadModelsUnderTest> {
  const storage = inMemoryStorage();
  return {
    readModels: storedReadModels(storage),
    reopen: async () => storedReadModels(storage),
    cleanUp: async () => undefined,
  };
}

async function sqlite(): Promise<ReadModelsUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'read-models-'));
  const file = join(folder, 'membership', 'read-models.db');
  const readModels = sqliteReadModels({ file });
  const opened = [readModels];
  return {
    readModels,
    async reopen() {
      await Promise.all(opened.map((each) => each.close()));
      const again = sqliteReadModels({ file });
      opened.push(again);
      return again;
    },
    async cleanUp() {
      await Promise.all(opened.map((each) => each.close()));
      await rm(folder, { recursive: true });
    },
  };
}

for (const contract of [readModelsContract, findingContract, generationsContract]) {
  contract('in memory', inMemory);
  contract('SQLite', sqlite);
}
