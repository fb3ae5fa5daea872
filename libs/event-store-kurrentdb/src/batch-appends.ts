import { randomUUID } from 'node:crypto';
import type { EventStoreDBClient } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import pb from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import type { ExpectedRevision, Position, Revision } from '@phancong/event-sourcing';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { positionOf } from './stored-event.ts';

export type Answer =
  /** The server does not always know the position of what it had made before. */
  | { readonly kind: 'made'; readonly revision: Revision; readonly position: Position | undefined }
  | { readonly kind: 'wrong-revision'; readonly actual: ExpectedRevision }
  | { readonly kind: 'refused'; readonly error: Error }
  /** Made or not: nobody knows. */
  | { readonly kind: 'unanswered'; readonly error: Error };

export interface SentAppend {
  /** As the server names it. */
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly messages: readonly BatchAppendReq.ProposedMessage[];
}

type Call = ClientDuplexStream<BatchAppendReq, BatchAppendResp>;

/** What one message of the protocol may hold; larger appends are sent in several. */
const MESSAGE_BYTES = 3 * 1024 * 1024;
const PROTOCOL = 'event_store.client.';
/** Answers that asking again does not change. */
const FINAL = /^(AccessDenied|StreamDeleted|BadRequest|InvalidTransaction|MaximumAppend(Event)?SizeExceeded)$/;

function* requests({ stream, expected, messages }: SentAppend, correlation: string): Generator<BatchAppendReq> {
  const id = new shared.UUID();
  id.setString(correlation);
  const options = new pb.BatchAppendReq.Options();
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  options.setStreamIdentifier(identifier);
  if (expected === 'none') options.setNoStream(new empty.Empty());
  else options.setStreamPosition(String(expected));
  const begin = (): BatchAppendReq => {
    const request = new pb.BatchAppendReq();
    request.setCorrelationId(id);
    return request;
  };
  let [request, bytes] = [begin(), 0];
  request.setOptions(options);
  for (const message of messages) {
    const size = message.getData_asU8().length + message.getCustomMetadata_asU8().length;
    if (bytes > 0 && bytes + size > MESSAGE_BYTES) {
      yield request;
      [request, bytes] = [begin(), 0];
    }
    request.addProposedMessages(message);
    bytes += size;
  }
  request.setIsFinal(true);
  yield request;
}

function answerOf(response: BatchAppendResp): Answer {
  const success = response.getSuccess();
  if (success) {
    const position = success.getPosition()?.getCommitPosition();
    const revision = Number(success.getCurrentRevision());
    return { kind: 'made', revision, position: position === undefined ? undefined : positionOf(BigInt(position)) };
  }
  const status = response.getError();
  const details = status?.getDetails();
  const name = details?.getTypeName().replace(PROTOCOL, '') ?? '';
  const wrong =
    name === 'WrongExpectedVersion'
      ? details?.unpack(shared.WrongExpectedVersion.deserializeBinary, `${PROTOCOL}${name}`)
      : undefined;
  if (wrong) {
    const actual = wrong.hasCurrentStreamRevision() ? Number(wrong.getCurrentStreamRevision()) : 'none';
    return { kind: 'wrong-revision', actual };
  }
  const error = new Error(`the event store answered ${name}: ${status?.getMessage() ?? ''}`);
  return { kind: FINAL.test(name) ? 'refused' : 'unanswered', error };
}

/**
 * Appends over one call of the client's connection, without waiting for answers in between; the server takes them in
 * the order sent. Every one is answered, `unanswered` when the connection breaks or `answerMs` have passed.
 */
export function batchAppends(client: EventStoreDBClient, answerMs: number) {
  let current: Promise<Call> | undefined;
  const pending = new Map<string, { readonly on: Promise<Call>; readonly settle: (answer: Answer) => void }>();

  const lose = (call: Promise<Call>, error: Error): void => {
    if (current === call) current = undefined;
    for (const { on, settle } of [...pending.values()]) if (on === call) settle({ kind: 'unanswered', error });
  };

  const open = (): Promise<Call> => {
    const call = openBatch.call(client);
    call.then(
      (stream) => {
        stream.on('data', (response: BatchAppendResp) => {
          // An answer that comes after its time has nobody who waits for it.
          pending.get(response.getCorrelationId()?.getString() ?? '')?.settle(answerOf(response));
        });
        stream.on('error', (error) => lose(call, error));
        stream.on('end', () => lose(call, new Error('the event store ended the call')));
      },
      (error: Error) => lose(call, error),
    );
    return call;
  };

  /** Gives a call up, so that what is asked next takes a new one. */
  const giveUp = (call: Promise<Call>, error: Error): void => {
    lose(call, error);
    call.then(
      (stream) => stream.cancel(),
      () => undefined,
    );
  };

  return {
    send(append: SentAppend): Promise<Answer> {
      const correlation = randomUUID();
      const call = (current ??= open());
      return new Promise<Answer>((resolve) => {
        const late = setTimeout(() => giveUp(call, new Error(`no answer within ${answerMs} ms`)), answerMs);
        const settle = (answer: Answer): void => {
          clearTimeout(late);
          pending.delete(correlation);
          resolve(answer);
        };
        pending.set(correlation, { on: call, settle });
        call.then(
          (stream) => {
            if (!pending.has(correlation)) return;
            for (const request of requests(append, correlation)) stream.write(request);
          },
          (error: Error) => lose(call, error),
        );
      });
    },
    close(): void {
      if (current) giveUp(current, new Error('the store is being closed'));
    },
  };
}
export type BatchAppends = ReturnType<typeof batchAppends>;

function openBatch(this: EventStoreDBClient): Promise<Call> {
  return this.GRPCStreamCreator(StreamsClient, 'append', (client) =>
    client.batchAppend(...this.callArguments({ requiresLeader: true }, { deadline: Infinity })),
  )();
}
