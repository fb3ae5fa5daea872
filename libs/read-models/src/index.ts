export * from './evolving.ts';
export * from './read-models.ts';
