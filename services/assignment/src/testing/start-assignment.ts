import { type MemberFact, MembershipMessage, type OrganisationFact } from '@phancong/contracts';
import { embeddedFeed, inProcessProgress, type Publish } from '@phancong/event-feed';
import { type EventStore, eventIdOf, inMemoryEventStore, newCommandId } from '@phancong/event-sourcing';
import { positionText } from '@phancong/nest';
import { type HttpServer, inMemoryIdempotencyKeys, startHttp } from '@phancong/nest/testing';
import { inMemoryReadModels, type ReadModels } from '@phancong/read-models';
import { AssignmentModule, messages, publish } from '../index.ts';
import { day } from './example.ts';

/** What outlives the process: a second server on the same goes on where the first one stopped. */
export interface Kept {
  readonly store: EventStore;
  readonly membership: EventStore;
  readonly readModels: ReadModels;
}

export interface AssignmentServer extends HttpServer {
  /** Membership tells of it. @returns a position to wait for */
  tell(...facts: readonly (OrganisationFact | MemberFact)[]): Promise<string>;
  /** Resolves when everything told and written so far has been read and settled. */
  settled(): Promise<void>;
}

export const publishMembership: Publish = ({
  id,
  stream,
  revision,
  position,
  recordedAt,
  by,
  type,
  occurredAt,
  data,
}) => {
  const envelope = { id, source: 'membership', key: stream, revision, position, recordedAt, by };
  return MembershipMessage.parse({ ...JSON.parse(data), ...envelope, type, occurredAt });
};

export const keptInMemory = (): Kept => ({
  store: inMemoryEventStore(),
  membership: inMemoryEventStore(),
  readModels: inMemoryReadModels(),
});

/** Membership writes it down. @returns the position of the last */
export async function tellTo(membership: EventStore, facts: readonly (OrganisationFact | MemberFact)[]) {
  let told = 0;
  for (const { type, occurredAt, ...fields } of facts) {
    const stream = 'organisation' in fields ? 'organisations' : `member-${fields.member}`;
    const known = await membership.readStream(stream);
    const command = newCommandId();
    const event = { id: eventIdOf(command, 0), command, type, occurredAt, version: 1, by: 'lan' };
    const { position } = await membership.append(stream, known.length === 0 ? 'none' : known.length - 1, [
      { ...event, data: JSON.stringify(fields) },
    ]);
    told = position;
  }
  return positionText('membership', told);
}

/** The service behind HTTP, on stores in memory unless told; today is the last day of 2014. */
export async function startAssignment(kept: Kept = keptInMemory()): Promise<AssignmentServer> {
  const { store, membership, readModels } = kept;
  const feed = embeddedFeed({
    sources: { assignment: { store, publish }, membership: { store: membership, publish: publishMembership } },
  });
  const progress = inProcessProgress({
    heads: { assignment: () => store.head(), membership: () => membership.head() },
  });
  const server = await startHttp(
    AssignmentModule.register({ store, feed, readModels, progress, today: () => day('2014-12-31') }),
    {
      services: {
        assignment: {
          messages,
          idempotencyKeys: inMemoryIdempotencyKeys(),
          waitFor: (source, position) => progress.waitFor('assignment', source, position, 5_000),
        },
      },
    },
  );
  return {
    ...server,
    tell: (...facts) => tellTo(membership, facts),
    async settled() {
      await progress.waitFor('assignment', 'membership', await membership.head(), 5_000);
      await progress.waitFor('assignment', 'assignment', await store.head(), 5_000);
    },
  };
}
