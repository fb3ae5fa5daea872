import { mongo } from 'mongoose';

/** MongoDB does not answer, or not yet: nobody has done anything wrong. */
export class MongodbUnavailable extends Error {
  override readonly name = 'MongodbUnavailable';
  /** Waiting helps: a feed tries again instead of giving the message up. */
  readonly transient = true;
}

/** BSONObjectTooLarge */
const TOO_LARGE = 10_334;

/** Errors of the database speak of the cluster; only a document that is too large speaks of the messages. */
export const unavailableIfSo = (error: unknown): unknown =>
  error instanceof mongo.MongoError && !(error instanceof mongo.MongoInvalidArgumentError) && error.code !== TOO_LARGE
    ? new MongodbUnavailable(error.message, { cause: error })
    : error;
