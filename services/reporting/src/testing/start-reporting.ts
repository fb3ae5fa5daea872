import { Message, ServiceName } from '@phancong/contracts';
import { embeddedFeed, inProcessProgress, type Publish } from '@phancong/event-feed';
import { Day, eventIdOf, inMemoryEventStore, instantOf, newCommandId, sealAll } from '@phancong/event-sourcing';
import { positionText } from '@phancong/nest';
import { type HttpServer, startHttp } from '@phancong/nest/testing';
import { inMemoryReadModels } from '@phancong/read-models';
import { messages, ReportingModule } from '../index.ts';
import type { Telling } from './messages.ts';

export interface ReportingServer extends HttpServer {
  /** A service writes it down at noon (UTC) of the day. @returns a position to wait for */
  tell(source: ServiceName, stream: string, recordedOn: string, telling: Telling): Promise<string>;
}

const publishAs =
  (source: ServiceName): Publish =>
  ({ id, stream, revision, position, recordedAt, by, type, occurredAt, data }) =>
    Message.parse({
      ...JSON.parse(data),
      id,
      source,
      key: stream,
      revision,
      position,
      recordedAt,
      by,
      type,
      occurredAt,
    });

/** The service behind HTTP on stores in memory; today is the last day of 2014. */
export async function startReporting(): Promise<ReportingServer> {
  let now = new Date(0);
  const stores = {
    membership: inMemoryEventStore(() => now),
    assignment: inMemoryEventStore(() => now),
    activity: inMemoryEventStore(() => now),
  };
  const logs = new Map(ServiceName.options.map((name) => [name, stores[name]]));
  const source = (name: ServiceName) => ({ store: stores[name], publish: publishAs(name) });
  const feed = embeddedFeed({
    sources: { membership: source('membership'), assignment: source('assignment'), activity: source('activity') },
  });
  const progress = inProcessProgress({ heads: {} });
  const server = await startHttp(
    ReportingModule.register({
      feed,
      readModels: inMemoryReadModels(),
      progress,
      seal: () => sealAll(logs, instantOf(now)),
      today: () => Day.parse('2014-12-31'),
      streams: { throttle: 1, heartbeat: 20 },
    }),
    { services: { reporting: { messages, waitFor: (name, at) => progress.waitFor('reporting', name, at, 5_000) } } },
  );
  return {
    ...server,
    async tell(name, stream, recordedOn, { type, occurredAt, ...fields }) {
      now = new Date(`${recordedOn}T12:00:00Z`);
      const known = await stores[name].readStream(stream);
      const command = newCommandId();
      const event = {
        id: eventIdOf(command, 0),
        command,
        type,
        occurredAt: Day.parse(occurredAt),
        version: 1,
        by: 'lan',
      };
      const { position } = await stores[name].append(stream, known.length === 0 ? 'none' : known.length - 1, [
        { ...event, data: JSON.stringify(fields) },
      ]);
      return positionText(name, position);
    },
  };
}
