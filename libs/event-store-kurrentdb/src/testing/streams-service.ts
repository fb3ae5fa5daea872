import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import pb from '@eventstore/db-client/generated/streams_pb.js';
import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
  ReadReq,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import {
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import type { Expected, Proposed, ServerLog, Stored } from './server-log.ts';
import {
  batchResponse,
  caughtUpResponse,
  checkpointResponse,
  confirmationResponse,
  eventResponse,
  expectedOf,
  matcherOf,
  nameOf,
  notFoundResponse,
  proposedOf,
  withError,
  withOutcome,
} from './wire.ts';

type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

/** Records that the server looks at in one go. */
const PAGE = 32;
const END = Number.MAX_SAFE_INTEGER;

/** Writes, and waits while the client is slower. */
const send = async (call: ReadCall, response: ReadResp): Promise<void> => {
  if (call.cancelled || call.write(response)) return;
  await new Promise<void>((resolve) => {
    const goOn = (): void => {
      call.off('drain', goOn).off('cancelled', goOn);
      resolve();
    };
    call.on('drain', goOn).on('cancelled', goOn);
  });
};

async function readStream(log: ServerLog, call: ReadCall, options: ReadReq.Options): Promise<void> {
  const from = options.getStream();
  const stream = nameOf(from?.getStreamIdentifier());
  if (!log.exists(stream)) return send(call, notFoundResponse(stream));
  const backwards = options.getReadDirection() === pb.ReadReq.Options.ReadDirection.BACKWARDS;
  let [next, left] = [from?.hasRevision() ? Number(from.getRevision()) : 0, Number(options.getCount())];
  if (from?.hasEnd()) next = END;
  while (left > 0 && next >= 0 && !call.cancelled) {
    const page = log.readStream(stream, next, Math.min(left, PAGE), backwards);
    for (const event of page) await send(call, eventResponse(event));
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    next = backwards ? last.revision - 1 : last.revision + 1;
    left -= page.length;
  }
}

const startOf = (log: ServerLog, options: ReadReq.Options): number => {
  const from = options.getAll();
  if (from?.hasEnd()) return END;
  const position = Number(from?.getPosition()?.getCommitPosition() ?? 0);
  if (!log.isPlace(position)) throw new Error('Trying to read from an invalid position.');
  return position;
};

async function readAll(log: ServerLog, call: ReadCall, options: ReadReq.Options): Promise<void> {
  const matches = matcherOf(options);
  const backwards = options.getReadDirection() === pb.ReadReq.Options.ReadDirection.BACKWARDS;
  let [next, left] = [startOf(log, options), Number(options.getCount())];
  while (left > 0 && !call.cancelled) {
    const page = log.readAll(next, PAGE, backwards);
    const found = page.filter(matches).slice(0, left);
    for (const event of found) await send(call, eventResponse(event));
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    next = backwards ? last.position : last.position + 1;
    left -= found.length;
  }
}

/** Catches up, says so, and goes on with what is appended, until the client has gone. */
async function subscribe(log: ServerLog, call: ReadCall, options: ReadReq.Options): Promise<void> {
  const matches = matcherOf(options);
  const every = PAGE * Math.max(1, options.getFilter()?.getCheckpointintervalmultiplier() ?? 1);
  let position = Math.min(startOf(log, options), log.end());
  let [live, considered] = [false, 0];
  let wake = (): void => undefined;
  const ends = [log.onAppended(() => wake())];
  call.on('cancelled', () => wake());
  await send(call, confirmationResponse(randomUUID()));
  while (!call.cancelled) {
    const changed = new Promise<void>((resolve) => (wake = resolve));
    const page: readonly Stored[] = log.readAll(position + 1, PAGE);
    for (const event of page) {
      position = event.position;
      considered += 1;
      if (matches(event)) await send(call, eventResponse(event));
      if (considered % every === 0) await send(call, checkpointResponse(position));
    }
    if (page.length > 0) continue;
    if (!live) {
      await send(call, checkpointResponse(position));
      await send(call, caughtUpResponse());
      live = true;
    }
    if (!call.cancelled) await changed;
  }
  ends.forEach((end) => end());
}

/** The protocol's Streams service on a log, as far as appending, reading and subscribing to `$all` go. */
export function streamsService(log: () => ServerLog, maxAppendSize: number) {
  const read = (call: ReadCall): void => {
    const options = call.request.getOptions() ?? new pb.ReadReq.Options();
    const answer = options.hasStream() ? readStream : options.hasSubscription() ? subscribe : readAll;
    answer(log(), call, options).then(
      () => call.end(),
      (error: unknown) => call.emit('error', { code: status.INVALID_ARGUMENT, details: String(error) }),
    );
  };

  const batchAppend = (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void => {
    const begun = new Map<string, { stream: string; expected: Expected; events: Proposed[]; bytes: number }>();
    call.on('data', (request: BatchAppendReq) => {
      const id = request.getCorrelationId()?.getString() ?? '';
      const options = request.getOptions();
      if (options) {
        const expected = expectedOf(options, options.getStreamPosition());
        begun.set(id, { stream: nameOf(options.getStreamIdentifier()), expected, events: [], bytes: 0 });
      }
      const append = begun.get(id);
      if (!append) return;
      for (const message of request.getProposedMessagesList()) {
        const event = proposedOf(message);
        append.events.push(event);
        append.bytes += event.data.length + event.metadata.length + event.type.length;
      }
      const response = batchResponse(request.getCorrelationId(), append.stream);
      if (append.bytes > maxAppendSize) {
        begun.delete(id);
        const details = new shared.MaximumAppendSizeExceeded();
        details.setMaxappendsize(maxAppendSize);
        call.write(withError(response, 'MaximumAppendSizeExceeded', details.serializeBinary()));
      } else if (request.getIsFinal()) {
        begun.delete(id);
        const outcome = log().append(append.stream, append.expected, append.events);
        call.write(withOutcome(response, outcome, append.expected));
      }
    });
    call.on('end', () => call.end());
  };

  const append = (call: ServerReadableStream<AppendReq, AppendResp>, done: sendUnaryData<AppendResp>): void => {
    let [stream, expected]: [string, Expected] = ['', 'any'];
    const events: Proposed[] = [];
    call.on('data', (request: AppendReq) => {
      const options = request.getOptions();
      const message = request.getProposedMessage();
      if (options) {
        stream = nameOf(options.getStreamIdentifier());
        expected = expectedOf(options, options.getRevision());
      }
      if (message) events.push(proposedOf(message));
    });
    call.on('end', () => {
      const outcome = log().append(stream, expected, events);
      const response = new pb.AppendResp();
      if ('made' in outcome) {
        const success = new pb.AppendResp.Success();
        success.setCurrentRevision(String(outcome.made.revision));
        response.setSuccess(success);
      } else {
        const wrong = new pb.AppendResp.WrongExpectedVersion();
        if (outcome.current === -1) wrong.setCurrentNoStream(new shared.Empty());
        else wrong.setCurrentRevision(String(outcome.current));
        response.setWrongExpectedVersion(wrong);
      }
      done(null, response);
    });
  };

  return { read, batchAppend, append };
}
