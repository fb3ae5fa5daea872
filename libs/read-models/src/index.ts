export * from './bench/bench-read-models.ts';
export * from './evolving.ts';
export { inMemoryReadModels } from './in-memory-read-models.ts';
export * from './message-feed.ts';
export * from './read-models.ts';
export { type RebuildOptions, rebuildProjection } from './rebuild-projection.ts';
export * from './run-projection.ts';
export * from './scrub-sqlite-file.ts';
export * from './sqlite-read-models.ts';
