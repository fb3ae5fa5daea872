import type { RecordedEvent as ServerEvent } from '@eventstore/db-client';
import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import pb from '@eventstore/db-client/generated/streams_pb.js';
import {
  CommandId,
  Day,
  EventId,
  Instant,
  type NewEvent,
  type Position,
  type RecordedEvent,
} from '@phancong/event-sourcing';
import { z } from 'zod';

/** What stands beside an event's data on the server. */
const Metadata = z.object({
  version: z.int(),
  occurredAt: Day,
  recordedAt: Instant,
  by: z.string(),
  command: CommandId,
  /** How many events of the same append come after this one. */
  left: z.int().min(0),
});

const BYTES = 'application/octet-stream';

/** The name on the server of a service's stream: services share the server, and see only what begins with their name. */
export const serverStream = (service: string, stream: string): string => `${service}/${stream}`;
export const prefixOf = (service: string): string => serverStream(service, '');

/** Data goes as bytes, not as JSON: the client and the server's tools would read JSON and write it anew. */
export function proposedMessage(event: NewEvent, recordedAt: Instant, left: number): BatchAppendReq.ProposedMessage {
  const { version, occurredAt, by, command } = event;
  const metadata: z.infer<typeof Metadata> = { version, occurredAt, recordedAt, by, command, left };
  const message = new pb.BatchAppendReq.ProposedMessage();
  const id = new shared.UUID();
  id.setString(event.id);
  message.setId(id);
  message.getMetadataMap().set('type', event.type);
  message.getMetadataMap().set('content-type', BYTES);
  message.setCustomMetadata(Buffer.from(JSON.stringify(metadata)));
  message.setData(Buffer.from(event.data));
  return message;
}

/** An offset in the server's log as a number. @throws RangeError beyond 2⁵³ */
export function positionOf(offset: bigint | undefined): Position {
  const position = Number(offset);
  if (!Number.isSafeInteger(position)) throw new RangeError(`the log's offset ${offset} does not fit a number`);
  return position;
}

export interface StoredEvent {
  readonly event: RecordedEvent;
  /** Whether its append ends with it. */
  readonly last: boolean;
}

/** @throws ZodError, TypeError if another program wrote it */
export function storedEvent(service: string, from: ServerEvent): StoredEvent {
  if (from.isJson || !(from.data instanceof Uint8Array)) {
    throw new TypeError(`event ${from.revision} of ${from.streamId} was not written by this program`);
  }
  const { left, ...fields } = Metadata.parse(from.metadata);
  const { buffer, byteOffset, length } = from.data;
  const event = {
    ...fields,
    id: EventId.parse(from.id),
    type: from.type,
    data: Buffer.from(buffer, byteOffset, length).toString(),
    stream: from.streamId.slice(prefixOf(service).length),
    revision: Number(from.revision),
    position: positionOf(from.position?.commit),
  };
  return { event, last: left === 0 };
}
