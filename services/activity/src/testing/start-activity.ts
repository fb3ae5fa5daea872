import { AssignmentMessage, type BookFact } from '@phancong/contracts';
import { embeddedFeed, inProcessProgress, type Publish } from '@phancong/event-feed';
import { type EventStore, eventIdOf, inMemoryEventStore, newCommandId } from '@phancong/event-sourcing';
import { positionText } from '@phancong/nest';
import { type HttpServer, inMemoryIdempotencyKeys, startHttp } from '@phancong/nest/testing';
import { inMemoryReadModels } from '@phancong/read-models';
import { ActivityModule, messages, publish } from '../index.ts';
import { day } from './samples.ts';

export interface ActivityServer extends HttpServer {
  /** Assignment tells of it. @returns a position to wait for */
  tell(fact: BookFact): Promise<string>;
}

const publishAssignment: Publish = ({ id, stream, revision, position, recordedAt, by, type, occurredAt, data }) => {
  const envelope = { id, source: 'assignment', key: stream, revision, position, recordedAt, by };
  return AssignmentMessage.parse({ ...JSON.parse(data), ...envelope, type, occurredAt });
};

/** The service behind HTTP on stores in memory unless told; today is the last day of 2014. */
export async function startActivity(store: EventStore = inMemoryEventStore()): Promise<ActivityServer> {
  const assignments = inMemoryEventStore();
  const feed = embeddedFeed({
    sources: { activity: { store, publish }, assignment: { store: assignments, publish: publishAssignment } },
  });
  const progress = inProcessProgress({ heads: { activity: () => store.head(), assignment: () => assignments.head() } });
  const readModels = inMemoryReadModels();
  const server = await startHttp(
    ActivityModule.register({ store, feed, readModels, progress, today: () => day('2014-12-31') }),
    {
      services: {
        activity: {
          messages,
          idempotencyKeys: inMemoryIdempotencyKeys(),
          waitFor: (source, position) => progress.waitFor('activity', source, position, 5_000),
        },
      },
    },
  );
  return {
    ...server,
    async tell({ type, occurredAt, ...fields }) {
      const stream = `book-${fields.member}`;
      const known = await assignments.readStream(stream);
      const command = newCommandId();
      const event = { id: eventIdOf(command, 0), command, type, occurredAt, version: 1, by: 'lan' };
      const { position } = await assignments.append(stream, known.length === 0 ? 'none' : known.length - 1, [
        { ...event, data: JSON.stringify(fields) },
      ]);
      return positionText('assignment', position);
    },
  };
}
