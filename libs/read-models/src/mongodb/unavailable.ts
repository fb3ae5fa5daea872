import { Unavailable } from '@phancong/event-sourcing';
import { mongo } from 'mongoose';

/** MongoDB does not answer, or not yet: nobody has done anything wrong. */
export class MongodbUnavailable extends Unavailable {
  override readonly name = 'MongodbUnavailable';
}

/** BSONObjectTooLarge */
const TOO_LARGE = 10_334;

/** Errors of the database speak of the cluster; only a document that is too large speaks of the messages. */
export const unavailableIfSo = (error: unknown): unknown =>
  error instanceof mongo.MongoError && !(error instanceof mongo.MongoInvalidArgumentError) && error.code !== TOO_LARGE
    ? new MongodbUnavailable(error.message, { cause: error })
    : error;
