export * from './feed.ts';
export * from './progress.ts';
