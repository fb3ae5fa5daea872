import type { NewEvent } from '../event-store.ts';
import { eventIdOf, newCommandId } from '../ids.ts';
import { Day } from '../time.ts';

/** An event of a new command, for tests of stores and feeds. */
export const newEvent = (fields: Partial<NewEvent> = {}): NewEvent => {
  const command = newCommandId();
  return {
    id: eventIdOf(command, 0),
    command,
    type: 'GroupFormed',
    version: 1,
    occurredAt: Day.parse('2014-05-01'),
    by: 'operator',
    data: '{"name":"Tổ dân phố 7","headcount":120}',
    ...fields,
  };
};

export const newEvents = (count: number, fields: Partial<NewEvent> = {}): NewEvent[] =>
  Array.from({ length: count }, () => newEvent(fields));
