export * from './finding-contract.ts';
export * from './generations-contract.ts';
export * from './groups.ts';
export * from './message-log.ts';
export * from './read-models-contract.ts';
