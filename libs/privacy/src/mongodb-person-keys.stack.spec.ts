import { randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { mongodbPersonKeys } from './mongodb-person-keys.ts';
import type { PersonKeys } from './person-keys.ts';
import { personKeysContract } from './testing/index.ts';

function serverUrl(): string {
  const url = process.env['MONGODB_URL'];
  if (!url) throw new Error('MONGODB_URL is not set: name a MongoDB that the specs may fill and empty');
  return url;
}

async function newKeys() {
  const options = { url: serverUrl(), database: `spec-${randomUUID()}` };
  const opened: PersonKeys[] = [];
  const open = async (): Promise<PersonKeys> => {
    const keys = await mongodbPersonKeys(options);
    opened.push(keys);
    return keys;
  };
  const look = async <Result>(question: (db: mongoose.mongo.Db) => Promise<Result>): Promise<Result> => {
    const client = new mongoose.mongo.MongoClient(options.url);
    try {
      return await question(client.db(options.database));
    } finally {
      await client.close();
    }
  };
  return {
    keys: await open(),
    open,
    look,
    async reopen() {
      await Promise.all(opened.map((keys) => keys.close()));
      return open();
    },
    async dispose() {
      await Promise.all(opened.map((keys) => keys.close()));
      await look((db) => db.dropDatabase());
    },
  };
}

personKeysContract('MongoDB', newKeys);

describe('person keys in MongoDB, given several processes', () => {
  let made: Awaited<ReturnType<typeof newKeys>>;
  let other: PersonKeys;
  beforeEach(async () => {
    made = await newKeys();
    other = await made.open();
  });
  afterEach(() => made.dispose());

  test('a person has one key, also when both use it first at once', async () => {
    const people = Array.from({ length: 50 }, (_, index) => `member-${index}`);
    const sealed = await Promise.all(people.flatMap((person) => [made.keys.seal(person, {}), other.seal(person, {})]));
    const opened = sealed.flatMap((text, index) => {
      const person = people[Math.floor(index / 2)] ?? '';
      return [made.keys.open(person, text), other.open(person, text)];
    });
    expect(await Promise.all(opened)).toEqual(opened.map(() => ({})));
  });
  test('an erasure by one holds for the other at once', async () => {
    const sealed = await made.keys.seal('an', { name: 'An' });
    expect(await other.open('an', sealed)).toEqual({ name: 'An' });
    await made.keys.erase('an');
    expect(await other.open('an', sealed)).toBeUndefined();
    await expect(other.seal('an', {})).rejects.toMatchObject({ name: 'Erased' });
  });
  test('nothing of an erased key is in the collection', async () => {
    await made.keys.seal('an', {});
    await made.keys.erase('an');
    expect(await made.look((db) => db.collection('person-keys').find().toArray())).toEqual([{ _id: 'an' }]);
  });
});
