import { randomUUID } from 'node:crypto';
import mongoose, { type mongo } from 'mongoose';

/** The server that MONGODB_URL names. @throws without it: the specs that need it do not run by themselves */
export function mongodbUrl(): string {
  const url = process.env['MONGODB_URL'];
  if (!url) throw new Error('MONGODB_URL is not set: name a MongoDB that the specs may fill and empty');
  return url;
}

export const newDatabase = (): string => `spec-${randomUUID()}`;

/** Looks into a database beside the code under test. */
export async function inDatabase<Result>(database: string, look: (db: mongo.Db) => Promise<Result>): Promise<Result> {
  const client = new mongoose.mongo.MongoClient(mongodbUrl(), { writeConcern: { w: 'majority' } });
  try {
    return await look(client.db(database));
  } finally {
    await client.close();
  }
}

export const dropDatabase = (database: string): Promise<unknown> => inDatabase(database, (db) => db.dropDatabase());
