export * from './codes.ts';
export * from './in-memory-idempotency-keys.ts';
export * from './start-http.ts';
export * from './operations.ts';
