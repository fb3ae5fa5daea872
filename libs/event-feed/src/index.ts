export type { Failure } from './deliveries.ts';
export * from './embedded-feed.ts';
export * from './feed.ts';
export * from './in-process-progress.ts';
export * from './parked-keys.ts';
export * from './progress.ts';
export * from './sqlite-parked-keys.ts';
export { type Retries, backoff } from './retrying.ts';
export type { FeedSource } from './source-pages.ts';
