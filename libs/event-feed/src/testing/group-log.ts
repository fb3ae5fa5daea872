import { GroupId, Message, type ServiceName } from '@phancong/contracts';
import {
  Day,
  type EventStore,
  type Position,
  type RecordedEvent,
  eventIdOf,
  newCommandId,
} from '@phancong/event-sourcing';
import { z } from 'zod';
import type { Publish } from '../feed.ts';

const Recount = z.object({ headcount: z.number() });

/** A log of recounts of groups of people, as a publishing service writes it. */
export function groupLog(store: EventStore) {
  const append = async (group: string, type: string, data: object): Promise<Position> => {
    const stream = `group-${group}`;
    const last = (await store.readStream(stream)).at(-1);
    const command = newCommandId();
    const event = { type, version: 1, occurredAt: Day.parse('2014-06-30'), data: JSON.stringify(data), by: 'officer' };
    const expected = last ? last.revision : 'none';
    return (await store.append(stream, expected, [{ ...event, command, id: eventIdOf(command, 0) }])).position;
  };
  return {
    recount: (group: string, headcount: number) => append(group, 'GroupRecounted', { headcount }),
    /** Publishes nothing. */
    note: (group: string) => append(group, 'Noted', {}),
    /** Cannot be translated. */
    garble: (group: string) => append(group, 'GroupRecounted', { headcount: 'many' }),
  };
}

/** Publishes recounts; `translated` counts the events that it was asked for. */
export function publishRecounts(source: ServiceName): Publish & { translated: number } {
  const publish = (event: RecordedEvent): Message | undefined => {
    counted.translated += 1;
    if (event.type === 'Noted') return undefined;
    const { headcount } = Recount.parse(JSON.parse(event.data));
    const { id, revision, position, recordedAt, by, occurredAt, stream } = event;
    const group = GroupId.parse(stream.slice('group-'.length));
    const envelope = { id, source, key: stream, revision, position, recordedAt, by, occurredAt };
    return source === 'assignment'
      ? Message.parse({ ...envelope, type: 'GroupRecounted', group, headcount })
      : Message.parse({ ...envelope, type: 'ActivityVoided', activity: group, member: String(headcount) });
  };
  const counted = Object.assign(publish, { translated: 0 });
  return counted;
}
