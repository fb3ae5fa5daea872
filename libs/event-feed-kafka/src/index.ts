export * from './apply-topics.ts';
export * from './topics.ts';
