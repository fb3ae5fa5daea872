import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { FaultProxy } from './fault-proxy.ts';
import { type ServerLog, serverLog } from './server-log.ts';
import { streamsService } from './streams-service.ts';

export interface KurrentTestServerOptions {
  /** SQLite file of the log; in memory, as long as the process lives, when not given. */
  readonly file?: string;
  /** As the server's own setting; in bytes. */
  readonly maxAppendSize?: number;
  /** Port on 127.0.0.1; a free one when not given. */
  readonly port?: number;
}

/**
 * FOR TESTS. Speaks the Streams part of the protocol of EventStoreDB and KurrentDB on loopback: appending, reading,
 * catch-up subscriptions to `$all`; no users, no TLS, no cluster, no projections, no deletion. Its links can be spoiled on command.
 */
export interface KurrentTestServer {
  /** `kurrentdb://127.0.0.1:…?tls=false` */
  readonly connectionString: string;
  /** What it keeps, to look at. */
  readonly log: ServerLog;
  /** Breaks every connection. */
  cut(): void;
  /** Takes questions and acts on them, but its answers do not come through until `release`. */
  hold(): void;
  release(): void;
  /** Is gone, as after a kill: connections break, new ones are refused. Keeps its log. */
  stop(): Promise<void>;
  /** Comes back on the same port with the same log. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const VERSION = '24.10.0';
const METHODS = ['read', 'append', 'batchappend'];

const getSupportedMethods = (
  _call: ServerUnaryCall<Empty, SupportedMethods>,
  done: sendUnaryData<SupportedMethods>,
): void => {
  const supported = new features.SupportedMethods();
  supported.setEventStoreServerVersion(VERSION);
  for (const name of METHODS) {
    const method = new features.SupportedMethod();
    method.setServiceName('event_store.client.streams.streams');
    method.setMethodName(name);
    supported.addMethods(method);
  }
  done(null, supported);
};

const readGossip =
  (port: () => number) =>
  (_call: ServerUnaryCall<Empty, ClusterInfo>, done: sendUnaryData<ClusterInfo>): void => {
    const member = new gossip.MemberInfo();
    const id = new shared.UUID();
    id.setString(randomUUID());
    member.setInstanceId(id);
    member.setIsAlive(true);
    member.setState(gossip.MemberInfo.VNodeState.LEADER);
    const address = new gossip.EndPoint();
    address.setAddress('127.0.0.1');
    address.setPort(port());
    member.setHttpEndPoint(address);
    const cluster = new gossip.ClusterInfo();
    cluster.addMembers(member);
    done(null, cluster);
  };

export async function startKurrentTestServer({
  file = ':memory:',
  maxAppendSize = 15 * 1024 * 1024,
  port = 0,
}: KurrentTestServerOptions = {}): Promise<KurrentTestServer> {
  const log = serverLog(file);
  let server: Server | undefined;
  let inner = 0;
  const proxy = new FaultProxy(() => inner);

  const start = async (): Promise<void> => {
    if (server) return;
    const starting = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    starting.addService(
      streams.StreamsService,
      streamsService(() => log, maxAppendSize),
    );
    starting.addService(featuresService.ServerFeaturesService, { getSupportedMethods });
    starting.addService(gossipService.GossipService, { read: readGossip(() => proxy.port) });
    inner = await new Promise<number>((resolve, reject) => {
      starting.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    server = starting;
    // The server writes into its own log too: `$all` is never only ours.
    const event = { id: randomUUID(), type: '$TestServerStarted', contentType: 'application/json' };
    log.append('$test-server', 'any', [{ ...event, data: Buffer.from('{}'), metadata: Buffer.alloc(0) }]);
  };
  const stop = async (): Promise<void> => {
    await proxy.close();
    server?.forceShutdown();
    server = undefined;
  };

  await start();
  await proxy.listen(port);
  return {
    connectionString: `kurrentdb://127.0.0.1:${proxy.port}?tls=false`,
    log,
    cut: () => proxy.cut(),
    hold: () => proxy.hold(),
    release: () => proxy.release(),
    stop,
    start: async () => {
      await start();
      await proxy.listen();
    },
    close: async () => {
      await stop();
      log.close();
    },
  };
}
