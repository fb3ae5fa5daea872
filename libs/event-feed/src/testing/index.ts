export * from './dead-letters-contract.ts';
export * from './feed-contract.ts';
export * from './group-log.ts';
export * from './recording-reader.ts';
