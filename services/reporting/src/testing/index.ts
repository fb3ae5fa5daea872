export * from './histories.ts';
export * from './messages.ts';
export * from './projecting.ts';
export * from './recount.ts';
