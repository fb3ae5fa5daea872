import type { Message } from '@phancong/contracts';
import type { Position } from '@phancong/event-sourcing';
import type { Batch, Subscriber } from '../feed.ts';

export interface RecordingReader {
  readonly subscriber: Subscriber;
  /** Every delivery, also those that failed. */
  readonly deliveries: Batch[];
  /** Messages consumed, as `group:headcount`, in order. */
  readonly consumed: string[];
  position: Position;
  /** Throws to fail the delivery. */
  fail: (batch: Batch) => void | Promise<void>;
  /** Resolves when a delivery has made it true (checked at once, too). */
  until(reached: () => boolean): Promise<void>;
}

export const textOf = (message: Message): string =>
  message.type === 'GroupRecounted'
    ? `${message.group}:${message.headcount}`
    : message.type === 'ActivityVoided'
      ? `${message.activity}:${message.member}`
      : message.type;

/** A reader that remembers what it was given, and fails when it is told to. */
export function recordingReader(
  consumer = 'reporting/groups',
  source: Subscriber['source'] = 'assignment',
): RecordingReader {
  const waiting = new Set<() => void>();
  const reader: RecordingReader = {
    deliveries: [],
    consumed: [],
    position: 0,
    fail: () => undefined,
    async until(reached) {
      while (!reached()) await new Promise<void>((resolve) => waiting.add(resolve));
    },
    subscriber: {
      consumer,
      source,
      position: async () => reader.position,
      async consume(batch) {
        reader.deliveries.push(batch);
        try {
          await reader.fail(batch);
          reader.consumed.push(...batch.messages.map(textOf));
          if (!batch.replay) reader.position = batch.through;
        } finally {
          for (const wake of waiting) wake();
          waiting.clear();
        }
      },
    },
  };
  return reader;
}
