import { AssignmentMessage } from '@phancong/contracts';
import type { Publish } from '@phancong/event-feed';
import { eventCodec } from '@phancong/event-sourcing';
import { z } from 'zod';
import { BookEvent } from './book-event.ts';
import { ClaimEvent } from './claim.ts';
import { GroupEvent } from './group.ts';

/** Everything that this service's log may hold. */
export const OwnEvent = z.discriminatedUnion('type', [
  ...GroupEvent.options,
  ...BookEvent.options,
  ...ClaimEvent.options,
]);

const codec = eventCodec(OwnEvent);

/** Content, decisions and reasons may name people: the message's schema leaves them out. */
export const publish: Publish = (recorded) => {
  const { id, stream: key, revision, position, recordedAt, by } = recorded;
  const event = codec.decode(recorded);
  if (event.type === 'GroupCodeClaimed' || event.type === 'AssignmentIdClaimed') return undefined;
  return AssignmentMessage.parse({ id, source: 'assignment', key, revision, position, recordedAt, by, ...event });
};
