import { StoreClosed, Unavailable } from '@phancong/event-sourcing';
import mongoose, { type Connection, type mongo } from 'mongoose';
import { Erased, type PersonKeys, UnknownPerson } from './person-keys.ts';
import { newKey, openWith, sealWith } from './sealing.ts';

interface KeyDocument extends mongo.BSON.Document {
  readonly _id: string;
  /** Without it the person was erased. */
  readonly key?: mongo.Binary;
}

type Key = Buffer | 'erased';

/** MongoDB does not answer, or not yet. */
export class KeysUnavailable extends Unavailable {
  override readonly name = 'KeysUnavailable';
}

/** How many people one request names. */
const PEOPLE = 1_000;

/** Answers all who ask before the next turn of the event loop with one question. */
function together<Answer>(ask: (people: readonly string[]) => Promise<ReadonlyMap<string, Answer>>) {
  let asked: { readonly people: Set<string>; readonly answers: Promise<ReadonlyMap<string, Answer>> } | undefined;
  return async (person: string): Promise<Answer | undefined> => {
    if (!asked || asked.people.size >= PEOPLE) {
      const people = new Set<string>();
      const question = {
        people,
        answers: new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
          if (asked === question) asked = undefined;
          return ask([...people]);
        }),
      };
      asked = question;
    }
    asked.people.add(person);
    return (await asked.answers).get(person);
  };
}

class MongodbPersonKeys implements PersonKeys {
  readonly #connection: Connection;
  readonly #keys: mongo.Collection<KeyDocument>;
  readonly #running = new Set<Promise<unknown>>();
  readonly #find = together((people) => this.#read(people));
  readonly #findOrMake = together((people) => this.#make(people));
  #closed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#keys = connection.getClient().db(connection.name).collection<KeyDocument>('person-keys');
  }

  seal(person: string, fields: Readonly<Record<string, unknown>>): Promise<string> {
    return this.#ask(async () => {
      const key = (await this.#find(person)) ?? (await this.#findOrMake(person));
      if (!key) throw new UnknownPerson(person);
      if (key === 'erased') throw new Erased(person);
      return sealWith(key, person, fields);
    });
  }

  open(person: string, sealed: string): Promise<Record<string, unknown> | undefined> {
    return this.#ask(async () => {
      const key = await this.#find(person);
      if (!key) throw new UnknownPerson(person);
      return key === 'erased' ? undefined : openWith(key, person, sealed);
    });
  }

  erase(person: string): Promise<void> {
    return this.#ask(async () => {
      await this.#keys.replaceOne({ _id: person }, {}, { upsert: true });
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#running);
    await this.#connection.close();
  }

  async #read(people: readonly string[]): Promise<ReadonlyMap<string, Key>> {
    const found = await this.#keys.find({ _id: { $in: [...people] } }).toArray();
    return new Map(found.map(({ _id, key }) => [_id, key ? Buffer.from(key.buffer) : 'erased']));
  }

  async #make(people: readonly string[]): Promise<ReadonlyMap<string, Key>> {
    const made = people.map((person) => ({
      updateOne: {
        filter: { _id: person },
        update: { $setOnInsert: { key: new mongoose.mongo.Binary(newKey()) } },
        upsert: true,
      },
    }));
    try {
      await this.#keys.bulkWrite(made, { ordered: false });
    } catch (error) {
      // Somebody else has made or erased it at that moment: it is read below.
      if (!isDuplicate(error)) throw error;
    }
    return this.#read(people);
  }

  async #ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    if (this.#closed) throw new StoreClosed('the person keys are closed');
    const asked = question();
    this.#running.add(asked);
    try {
      return await asked;
    } catch (error) {
      const { MongoError } = mongoose.mongo;
      throw error instanceof MongoError ? new KeysUnavailable(error.message, { cause: error }) : error;
    } finally {
      this.#running.delete(asked);
    }
  }
}

const DUPLICATE_KEY = 11_000;

const isDuplicate = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoBulkWriteError &&
  !error.result.getWriteConcernError() &&
  [error.writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY);

/**
 * The PersonKeys port on MongoDB, for any number of processes: none of them keeps a key, so an erasure holds for all at
 * once. An erased key is gone from the collection; what of it stays behind for how long, and what an operator must see
 * to, is told in docs/adr/0109-person-keys-in-mongodb.md.
 * @param database best one of its own, to which other users have no access
 * @throws MongooseServerSelectionError when no server answers within half a minute
 */
export async function mongodbPersonKeys({ url, database }: { url: string; database: string }): Promise<PersonKeys> {
  const connection = mongoose.createConnection(url, {
    dbName: database,
    writeConcern: { w: 'majority' },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    autoCreate: false,
    autoIndex: false,
  });
  return new MongodbPersonKeys(await connection.asPromise());
}
