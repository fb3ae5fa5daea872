export * from './kurrent-event-store.ts';
export type { Following } from './log-follower.ts';
