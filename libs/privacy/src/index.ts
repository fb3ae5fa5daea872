export * from './person-keys.ts';
