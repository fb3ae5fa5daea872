import {
  type ReadModelsUnderTest,
  findingContract,
  generationsContract,
  readModelsContract,
} from '../testing/index.ts';
import { dropDatabase, mongodbUrl, newDatabase } from '../testing/mongodb-server.ts';
import { mongodbReadModels } from './mongodb-read-models.ts';

jest.setTimeout(240_000);

async function mongodb(): Promise<ReadModelsUnderTest> {
  const options = { url: mongodbUrl(), database: newDatabase() };
  const readModels = await mongodbReadModels(options);
  const opened = [readModels];
  return {
    readModels,
    async reopen() {
      await Promise.all(opened.map((each) => each.close()));
      const again = await mongodbReadModels(options);
      opened.push(again);
      return again;
    },
    async cleanUp() {
      await Promise.all(opened.map((each) => each.close()));
      await dropDatabase(options.database);
    },
  };
}

for (const contract of [readModelsContract, findingContract, generationsContract]) contract('MongoDB', mongodb);
