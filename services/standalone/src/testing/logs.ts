import { publish as publishActivity } from '@phancong/activity';
import { publish as publishAssignment } from '@phancong/assignment';
import { type Message, ServiceName } from '@phancong/contracts';
import type { RecordedEvent } from '@phancong/event-sourcing';
import { wholeLog } from '@phancong/event-sourcing/testing';
import { sqliteEventStore } from '@phancong/event-store-sqlite';
import { publish as publishMembership } from '@phancong/membership';
import { join } from 'node:path';

const publish = { membership: publishMembership, assignment: publishAssignment, activity: publishActivity };

export interface Logs {
  readonly events: Readonly<Record<ServiceName, readonly RecordedEvent[]>>;
  /** All that the services have told each other. */
  readonly messages: readonly Message[];
  /** Of the last event of each log, as requests name it. */
  readonly position: string;
}

/** The logs of a data folder, straight from their files. */
export async function logsIn(dataDir: string): Promise<Logs> {
  const read = async (service: ServiceName): Promise<RecordedEvent[]> => {
    const store = sqliteEventStore({ file: join(dataDir, service, 'events.db') });
    try {
      return await wholeLog(store);
    } finally {
      await store.close();
    }
  };
  const events = {
    membership: await read('membership'),
    assignment: await read('assignment'),
    activity: await read('activity'),
  };
  return {
    events,
    messages: ServiceName.options.flatMap((service) =>
      events[service].flatMap((event) => publish[service](event) ?? []),
    ),
    position: ServiceName.options.map((service) => `${service}-${events[service].length}`).join('.'),
  };
}
