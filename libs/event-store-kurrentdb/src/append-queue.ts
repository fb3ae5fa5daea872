import { setTimeout as wait } from 'node:timers/promises';
import {
  type Appended,
  type EventId,
  type ExpectedRevision,
  instantOf,
  type NewEvent,
  type Position,
  type Revision,
  StoreClosed,
  StoreUnavailable,
  WrongExpectedRevision,
} from '@phancong/event-sourcing';
import type { Answer, BatchAppends } from './batch-appends.ts';
import type { LogTail } from './log-tail.ts';
import { proposedMessage, serverStream } from './stored-event.ts';
import { pauseMs, textOf } from './trouble.ts';

/** Appends on their way at a time; more wait here. */
const UNDER_WAY = 256;

export interface AppendTerms {
  readonly service: string;
  readonly batch: BatchAppends;
  readonly tail: LogTail;
  /** How long an append is tried. */
  readonly patienceMs: number;
  /** Finds what stands in the log of an append that may have been made before. */
  readonly lookUp: (append: Append) => Promise<Appended>;
  readonly lookUpPosition: (stream: string, revision: Revision) => Promise<Position>;
  readonly onMade: (head: Position) => void;
}

export interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
}

interface Waiting extends Append {
  readonly order: number;
  /** When it was asked for: what is recorded, unless something later stands before it. In ms since 1970. */
  readonly at: number;
  /** How long it is tried. */
  readonly until: number;
  readonly resolve: (answer: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends appends in the order asked for, without waiting for each other's answers. When answers are lost, it waits until
 * all is quiet and sends the unanswered again, in order: the server does not make the same ids at the same revision twice.
 */
export function appendQueue({ service, batch, tail, patienceMs, lookUp, lookUpPosition, onMade }: AppendTerms) {
  const waiting: Waiting[] = [];
  /** With the time that each will have recorded. */
  const underWay = new Map<Waiting, number>();
  const idsUnderWay = new Set<EventId>();
  let lost: Waiting[] = [];
  let [asked, failures] = [0, 0];
  let [ready, lookingUp, pausing, closing] = [false, false, false, false];
  let settled = (): void => undefined;

  /** Some of its ids are there already, or its revision cannot be: the server is not asked to make it. */
  const isOnlyLookedUp = ({ expected, events }: Waiting): boolean =>
    (expected !== 'none' && expected < 0) ||
    new Set(events.map(({ id }) => id)).size < events.length ||
    events.some(({ id }) => tail.has(id));

  const mustWait = (next: Waiting): boolean =>
    lookingUp ||
    underWay.size >= UNDER_WAY ||
    (underWay.size > 0 && (isOnlyLookedUp(next) || next.events.some(({ id }) => idsUnderWay.has(id))));

  const pump = (): void => {
    if (lost.length > 0) return sendAgainWhenQuiet();
    if (!ready || pausing) return;
    for (let next = waiting[0]; next && !mustWait(next); next = waiting[0]) {
      waiting.shift();
      void (isOnlyLookedUp(next) ? answerFromLog(next) : send(next));
    }
    if (waiting.length === 0 && underWay.size === 0) settled();
  };

  const sendAgainWhenQuiet = (): void => {
    if (closing) settled();
    if (pausing || underWay.size > 0) return;
    pausing = true;
    failures += 1;
    void wait(pauseMs(failures)).then(() => {
      waiting.unshift(...lost.sort((one, other) => one.order - other.order));
      lost = [];
      pausing = false;
      expire(new Error('no answer'));
      pump();
    });
  };

  const expire = (cause: unknown): void => {
    const now = Date.now();
    for (const late of waiting.filter(({ until }) => until <= now)) {
      waiting.splice(waiting.indexOf(late), 1);
      late.reject(new StoreUnavailable(`the event store does not answer: ${textOf(cause)}`, { cause }));
    }
  };

  const during = async (next: Waiting, recordedAt: number, action: () => Promise<void>): Promise<void> => {
    underWay.set(next, recordedAt);
    for (const { id } of next.events) idsUnderWay.add(id);
    await action().catch(next.reject);
    underWay.delete(next);
    for (const { id } of next.events) idsUnderWay.delete(id);
  };

  const answerFromLog = async (next: Waiting): Promise<void> => {
    lookingUp = true;
    await during(next, 0, async () => next.resolve(await lookUp(next)));
    lookingUp = false;
    pump();
  };

  const send = async (next: Waiting): Promise<void> => {
    const { stream, expected, events } = next;
    const time = Math.max(next.at, tail.recordedAt, ...underWay.values());
    const recordedAt = instantOf(new Date(time));
    await during(next, time, async () => {
      const messages = events.map((event, index) => proposedMessage(event, recordedAt, events.length - 1 - index));
      const answer = await batch.send({ stream: serverStream(service, stream), expected, messages });
      await take(next, answer, time);
    });
    pump();
  };

  const take = async (next: Waiting, answer: Answer, time: number): Promise<void> => {
    const { stream, expected, events } = next;
    if (answer.kind !== 'unanswered') failures = 0;
    switch (answer.kind) {
      case 'made': {
        const { revision } = answer;
        // Of several events the server does not promise whose position it tells, of repeated ones none at all.
        const known = events.length === 1 ? answer.position : undefined;
        const position = known ?? (await lookUpPosition(stream, revision));
        for (const { id } of events) tail.saw(id, position, time);
        next.resolve({ revision, position });
        onMade(position);
        return;
      }
      case 'wrong-revision':
        throw new WrongExpectedRevision(stream, expected, answer.actual);
      case 'refused':
        throw answer.error;
      case 'unanswered':
        if (closing) throw new StoreClosed('the store was closed before the answer came', { cause: answer.error });
        lost.push(next);
    }
  };

  const closeWaiting = (): void => {
    for (const { reject } of waiting.splice(0))
      reject(new StoreClosed('the store was closed; the append was not made'));
    for (const { reject } of lost.splice(0)) reject(new StoreClosed('the store was closed before the answer came'));
  };

  return {
    append: (stream: string, expected: ExpectedRevision, events: readonly NewEvent[], at: number): Promise<Appended> =>
      new Promise((resolve, reject) => {
        const until = Date.now() + patienceMs;
        waiting.push({ stream, expected, events, at, until, resolve, reject, order: (asked += 1) });
        pump();
      }),
    /** The tail is known: sending may begin. */
    begin(): void {
      ready = true;
      pump();
    },
    /** Gives up what has waited too long. @param cause why nothing was sent */
    expire,
    /** Waits for the answers of what was asked for; if they do not come without trying again, gives up. */
    async close(): Promise<void> {
      closing = true;
      const isQuiet = new Promise<void>((resolve) => (settled = resolve));
      pump();
      if (ready && !pausing) await isQuiet;
      closeWaiting();
      batch.close();
    },
  };
}
export type AppendQueue = ReturnType<typeof appendQueue>;
