import type { z } from 'zod';
import type { NewEvent, RecordedEvent } from './event-store.ts';
import type { Day } from './time.ts';

/** What `decide` returns: `type`, the day on which it was true, and the fields of that type. */
export interface DomainEvent {
  readonly type: string;
  readonly occurredAt: Day;
}

/** Turns the stored fields of one version of an event type into those of the next. */
export type Upcaster = (fields: Record<string, unknown>) => Record<string, unknown>;

/** The stored event has a version that this program does not know yet. */
export class NewerEvent extends Error {
  override readonly name = 'NewerEvent';
}

export interface EventCodec<Event extends DomainEvent> {
  encode(event: Event): Pick<NewEvent, 'type' | 'version' | 'occurredAt' | 'data'>;
  /**
   * @throws z.ZodError when the stored fields do not fit the type's schema
   * @throws NewerEvent when a newer program wrote the event
   */
  decode(stored: Pick<RecordedEvent, 'type' | 'version' | 'occurredAt' | 'data'>): Event;
}

/**
 * @param schema discriminated union on `type` of everything that a stream of this kind may hold
 * @param upcasters per type, the steps from version 1 to 2, 2 to 3 …; the newest version is one more than their number
 */
export function eventCodec<Event extends DomainEvent>(
  schema: z.ZodType<Event>,
  upcasters: Readonly<Record<string, readonly Upcaster[]>> = {},
): EventCodec<Event> {
  const newest = (type: string): number => 1 + (upcasters[type]?.length ?? 0);
  return {
    encode: ({ type, occurredAt, ...fields }) => ({
      type,
      version: newest(type),
      occurredAt,
      data: JSON.stringify(fields),
    }),
    decode: ({ type, version, occurredAt, data }) => {
      if (version > newest(type)) {
        throw new NewerEvent(`${type} of version ${version}: this program knows version ${newest(type)}`);
      }
      const steps = upcasters[type]?.slice(version - 1) ?? [];
      const fields = steps.reduce((old, step) => step(old), JSON.parse(data));
      return schema.parse({ ...fields, type, occurredAt });
    },
  };
}
