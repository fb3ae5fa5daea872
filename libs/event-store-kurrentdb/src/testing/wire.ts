import pb from '@eventstore/db-client/generated/streams_pb.js';
import type { BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js';
import statuses from '@eventstore/db-client/generated/status_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import type { Expected, Matches, Outcome, Proposed, Stored } from './server-log.ts';

// What the log says in the messages of the protocol, and back.

export const nameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString();

const identifierOf = (stream: string): StreamIdentifier => {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  return identifier;
};

interface ProposedMessage {
  getId(): UUID | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}

export const proposedOf = (message: ProposedMessage): Proposed => ({
  id: message.getId()?.getString() ?? '',
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? '',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});

interface Expecting {
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
  hasAny(): boolean;
}

export const expectedOf = (options: Expecting, revision: string): Expected => {
  if (options.hasNoStream()) return -1;
  if (options.hasStreamExists()) return 'exists';
  return options.hasAny() ? 'any' : Number(revision);
};

export function eventResponse(event: Stored): ReadResp {
  const record = new pb.ReadResp.ReadEvent.RecordedEvent();
  const id = new shared.UUID();
  id.setString(event.id);
  record.setId(id);
  record.setStreamIdentifier(identifierOf(event.stream));
  record.setStreamRevision(String(event.revision));
  record.setCommitPosition(String(event.position));
  record.setPreparePosition(String(event.position));
  record.getMetadataMap().set('type', event.type);
  record.getMetadataMap().set('content-type', event.contentType);
  record.getMetadataMap().set('created', event.created);
  record.setData(event.data);
  record.setCustomMetadata(event.metadata);
  const read = new pb.ReadResp.ReadEvent();
  read.setEvent(record);
  read.setCommitPosition(String(event.position));
  const response = new pb.ReadResp();
  response.setEvent(read);
  return response;
}

export function notFoundResponse(stream: string): ReadResp {
  const notFound = new pb.ReadResp.StreamNotFound();
  notFound.setStreamIdentifier(identifierOf(stream));
  const response = new pb.ReadResp();
  response.setStreamNotFound(notFound);
  return response;
}

export function confirmationResponse(id: string): ReadResp {
  const confirmation = new pb.ReadResp.SubscriptionConfirmation();
  confirmation.setSubscriptionId(id);
  const response = new pb.ReadResp();
  response.setConfirmation(confirmation);
  return response;
}

export function checkpointResponse(position: number): ReadResp {
  const checkpoint = new pb.ReadResp.Checkpoint();
  checkpoint.setCommitPosition(String(position));
  checkpoint.setPreparePosition(String(position));
  const response = new pb.ReadResp();
  response.setCheckpoint(checkpoint);
  return response;
}

export function caughtUpResponse(): ReadResp {
  const response = new pb.ReadResp();
  response.setCaughtUp(new pb.ReadResp.CaughtUp());
  return response;
}

export function batchResponse(correlation: UUID | undefined, stream: string): BatchAppendResp {
  const response = new pb.BatchAppendResp();
  response.setCorrelationId(correlation);
  response.setStreamIdentifier(identifierOf(stream));
  return response;
}

export function withOutcome(response: BatchAppendResp, outcome: Outcome, expected: Expected): BatchAppendResp {
  if ('made' in outcome) {
    const success = new pb.BatchAppendResp.Success();
    const { revision, position } = outcome.made;
    success.setCurrentRevision(String(revision));
    if (position === undefined) success.setNoPosition(new empty.Empty());
    else {
      const at = new shared.AllStreamPosition();
      at.setCommitPosition(String(position));
      at.setPreparePosition(String(position));
      success.setPosition(at);
    }
    response.setSuccess(success);
    return response;
  }
  const wrong = new shared.WrongExpectedVersion();
  if (outcome.current === -1) wrong.setCurrentNoStream(new empty.Empty());
  else wrong.setCurrentStreamRevision(String(outcome.current));
  if (expected === -1) wrong.setExpectedNoStream(new empty.Empty());
  else if (typeof expected === 'number') wrong.setExpectedStreamPosition(String(expected));
  return withError(response, 'WrongExpectedVersion', wrong.serializeBinary());
}

export function withError(response: BatchAppendResp, name: string, details: Uint8Array): BatchAppendResp {
  const status = new statuses.Status();
  status.setMessage(name);
  const packed = new any.Any();
  packed.pack(details, `event_store.client.${name}`);
  status.setDetails(packed);
  response.setError(status);
  return response;
}

export function matcherOf(options: ReadReq.Options): Matches {
  const filter = options.getFilter();
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (!filter || !expression) return () => true;
  const prefixes = expression.getPrefixList();
  const regex = new RegExp(expression.getRegex());
  return ({ stream, type }) => {
    const text = filter.hasStreamIdentifier() ? stream : type;
    return prefixes.length > 0 ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text);
  };
}
