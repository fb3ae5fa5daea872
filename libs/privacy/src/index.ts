export * from './in-memory-person-keys.ts';
export * from './person-keys.ts';
export { NotAuthentic } from './sealing.ts';
export * from './sqlite-person-keys.ts';
