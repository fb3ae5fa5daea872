/** Appends without end, 16 streams at a time, and prints `<stream> <revision> <position> <event ids>` for each answer. */
import { writeSync } from 'node:fs';
import { newEvents } from '@phancong/event-sourcing/testing';
import { sqliteEventStore } from '../sqlite-event-store.ts';

const [, , , file = '', round = ''] = process.argv;
const store = sqliteEventStore({ file });

async function appendTo(stream: string): Promise<never> {
  for (let last = -1; ; ) {
    const events = newEvents(1 + (Math.max(last, 0) % 3));
    const { revision, position } = await store.append(stream, last === -1 ? 'none' : last, events);
    writeSync(1, `${stream} ${revision} ${position} ${events.map(({ id }) => id).join(',')}\n`);
    last = revision;
  }
}

for (let writer = 0; writer < 16; writer += 1) void appendTo(`round-${round}-${writer}`);
