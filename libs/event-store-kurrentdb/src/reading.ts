import type { EventStoreDBClient, RecordedEvent } from '@eventstore/db-client';
import { convertGrpcEvent } from '@eventstore/db-client/dist/utils/convertGrpcEvent.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import pb from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { Position, Revision } from '@phancong/event-sourcing';

/** Records of `$all` that the server looks through before it answers with what it has found. */
const SEARCH_WINDOW = 512;
const ALL = Number.MAX_SAFE_INTEGER;

type Direction = 'forwards' | 'backwards';

function request(direction: Direction, limit: number): { message: ReadReq; options: ReadReq.Options } {
  const options = new pb.ReadReq.Options();
  const uuids = new pb.ReadReq.Options.UUIDOption();
  uuids.setString(new shared.Empty());
  options.setUuidOption(uuids);
  options.setCount(String(limit));
  const { FORWARDS, BACKWARDS } = pb.ReadReq.Options.ReadDirection;
  options.setReadDirection(direction === 'forwards' ? FORWARDS : BACKWARDS);
  const message = new pb.ReadReq();
  message.setOptions(options);
  return { message, options };
}

/** Asks for a stream's events from a revision on. */
export function streamRequest(stream: string, from: Revision, limit = ALL): ReadReq {
  const { message, options } = request('forwards', limit);
  streamOf(options, stream).setRevision(String(from));
  return message;
}

/** Asks for the last event of a stream. */
export function streamEndRequest(stream: string): ReadReq {
  const { message, options } = request('backwards', 1);
  streamOf(options, stream).setEnd(new shared.Empty());
  return message;
}

function streamOf(options: ReadReq.Options, name: string): ReadReq.Options.StreamOptions {
  const stream = new pb.ReadReq.Options.StreamOptions();
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(name));
  stream.setStreamIdentifier(identifier);
  options.setStream(stream);
  options.setNoFilter(new shared.Empty());
  return stream;
}

/**
 * Asks the whole log for the events in streams that begin with `prefix` (all of them, when not given): forwards from the
 * event at `from` on, that one too; backwards from the end.
 */
export function logRequest(from: Position | 'end', limit = ALL, prefix?: string): ReadReq {
  const { message, options } = request(from === 'end' ? 'backwards' : 'forwards', limit);
  const all = new pb.ReadReq.Options.AllOptions();
  if (from === 'end') all.setEnd(new shared.Empty());
  else if (from === 0) all.setStart(new shared.Empty());
  else {
    const position = new pb.ReadReq.Options.Position();
    position.setCommitPosition(String(from));
    position.setPreparePosition(String(from));
    all.setPosition(position);
  }
  options.setAll(all);
  if (prefix === undefined) options.setNoFilter(new shared.Empty());
  else {
    const names = new pb.ReadReq.Options.FilterOptions.Expression();
    names.setPrefixList([prefix]);
    const filter = new pb.ReadReq.Options.FilterOptions();
    filter.setStreamIdentifier(names);
    filter.setMax(SEARCH_WINDOW);
    filter.setCheckpointintervalmultiplier(1);
    options.setFilter(filter);
  }
  return message;
}

/** Sends a request for events and collects the answer; none if the stream does not exist. */
export async function read(this: EventStoreDBClient, asked: ReadReq, deadline: Date): Promise<RecordedEvent[]> {
  const open = this.GRPCStreamCreator(StreamsClient, 'read', (client) =>
    client.read(asked, ...this.callArguments({ requiresLeader: true }, { deadline })),
  );
  const events: RecordedEvent[] = [];
  for await (const response of await open()) {
    const found = response instanceof pb.ReadResp ? response.getEvent() : undefined;
    const event = found && convertGrpcEvent(found).event;
    if (event) events.push(event);
  }
  return events;
}
