export * from './given.ts';
export * from './golden-events.ts';
