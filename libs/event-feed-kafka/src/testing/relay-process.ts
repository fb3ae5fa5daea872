import { groupLog, publishRecounts } from '@phancong/event-feed/testing';
import { inMemoryEventStore } from '@phancong/event-sourcing';
import { kafkaClient } from '../kafka-client.ts';
import { startRelay } from '../relay.ts';
import { topicsOf } from '../topics.ts';

/** A copy of a service in a process of its own: relays a log of recounts, and says how far it is and what went wrong. */
async function main([brokers = '', prefix = '', count = '']: readonly string[]): Promise<void> {
  const store = inMemoryEventStore();
  const log = groupLog(store);
  for (let at = 1; at <= Number(count); at += 1) await log.recount(`group${at % 7}`, at);
  const relay = startRelay({
    kafka: kafkaClient({ clientId: 'relay-process', brokers: brokers.split(',') }),
    topics: topicsOf({ prefix, replication: 1 }),
    service: 'assignment',
    store,
    publish: publishRecounts('assignment'),
    batchSize: 5,
    leaseMs: 6_000,
    onFailure: (error) => console.log(`failed ${String(error)}`),
  });
  for (let through = 50; ; through += 50) {
    await relay.whenRelayed(through);
    console.log(`relayed ${through}`);
  }
}

void main(process.argv.slice(3));
