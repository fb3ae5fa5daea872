export * from './apply-topics.ts';
export * from './kafka-client.ts';
export * from './kafka-feed.ts';
export * from './kafka-progress.ts';
export * from './relay.ts';
export type { RelaySource } from './relay-term.ts';
export * from './topics.ts';
