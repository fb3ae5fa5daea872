import { Message, type ServiceName } from '@phancong/contracts';
import { type Item, textOf } from '@phancong/event-feed';
import type { Position, RecordedEvent } from '@phancong/event-sourcing';
import type { IHeaders, KafkaMessage, Message as KafkaRecord } from 'kafkajs';
import { partitionOf } from './partitioning.ts';

/**
 * W3C trace context: all that follows from one command belongs to the trace named after it, so that the trace needs no
 * field of its own in the log.
 */
export const traceparentOf = ({ command, id }: Pick<RecordedEvent, 'command' | 'id'>): string =>
  `00-${command.replaceAll('-', '')}-${id.replaceAll('-', '').slice(16)}-01`;

/** What a log says of one event: its message, or why it has none although it should. */
export type Translated = { readonly message: Message } | { readonly error: unknown };

/**
 * The record of a published event: CloudEvents 1.0 in Kafka's binary mode. An event that cannot be translated has its
 * place, too, with the reason: what comes after it in its stream must not overtake it.
 */
export function recordOf(source: ServiceName, event: RecordedEvent, translated: Translated): KafkaRecord {
  const { stream: key, position, id, recordedAt } = event;
  const headers = {
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: `/${source}`,
    ce_subject: key,
    ce_time: recordedAt,
    position: String(position),
    traceparent: traceparentOf(event),
  };
  if (!('message' in translated)) {
    const untranslatable = textOf(translated.error);
    return { key, value: null, headers: { ...headers, ce_type: event.type, untranslatable } };
  }
  const { message } = translated;
  return {
    key,
    value: JSON.stringify(message),
    headers: { ...headers, ce_type: message.type, 'content-type': 'application/json' },
  };
}

/** A record of a topic of messages. `position` is missing where it does not say one: it was not written by a relay. */
export interface ReadRecord {
  readonly offset: number;
  readonly position: Position | undefined;
  readonly bytes: number;
  /** Its item, given the position that it counts at. */
  readonly item: (position: Position) => Item;
}

/** A record that is not what its topic holds. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
}

const header = (headers: IHeaders | undefined, name: string): string | undefined => {
  const value = headers?.[name];
  return value === undefined || Array.isArray(value) ? undefined : value.toString();
};

function positionOf(headers: IHeaders | undefined): Position | undefined {
  const text = header(headers, 'position');
  const position = text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(position) ? position : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

const parsed = (value: Buffer): unknown => JSON.parse(utf8.decode(value));

function messageOf(source: ServiceName, key: string, position: Position, { value, headers }: KafkaMessage): Message {
  const untranslatable = header(headers, 'untranslatable');
  if (untranslatable !== undefined) throw new UnreadableRecord(`could not be published: ${untranslatable}`);
  if (!value) throw new UnreadableRecord('no value');
  const message = Message.parse(parsed(value));
  const named = { source, key, position };
  for (const field of ['source', 'key', 'position'] as const)
    if (message[field] !== named[field])
      throw new UnreadableRecord(`its ${field} is ${message[field]}, but the record’s ${named[field]}`);
  return message;
}

/**
 * Reads a record, whatever it holds: what is wrong with it becomes the item's error. One that no relay can have written
 * (without a position, with one that it cannot have, or in another partition than its key's) has a key of its own: it
 * must not hold a stream back.
 */
export function readRecord(
  source: ServiceName,
  { partition, partitions }: { readonly partition: number; readonly partitions: number },
  record: KafkaMessage,
): ReadRecord {
  const { offset, headers } = record;
  const position = positionOf(headers);
  const key = record.key?.toString();
  return {
    offset: Number(offset),
    position,
    bytes: record.value?.length ?? 0,
    item(at) {
      if (key === undefined || position !== at || partitionOf(key, partitions) !== partition) {
        const error = new UnreadableRecord(`not of a relay: key ${key}, position ${position}, partition ${partition}`);
        return { key: `record-${partition}-${offset}`, position: at, error };
      }
      try {
        return { key, position, message: messageOf(source, key, position, record) };
      } catch (error) {
        return { key, position, error };
      }
    },
  };
}
