export * from './seal-contract.ts';
export * from './event-store-contract.ts';
export * from './event-store-under-test.ts';
export * from './given.ts';
export * from './golden-events.ts';
export * from './idempotency-keys-contract.ts';
export * from './new-event.ts';
export * from './seed.ts';
