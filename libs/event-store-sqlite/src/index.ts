export * from './data-folder-lock.ts';
export { isDiskFull } from './disk-errors.ts';
export { UnknownLogFile } from './log-file.ts';
export * from './sqlite-event-store.ts';
export * from './sqlite-idempotency-keys.ts';
export * from './bench/bench-appends.ts';
