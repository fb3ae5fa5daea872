export * from './collation.ts';
export * from './days.ts';
export * from './figures.ts';
export * from './text.ts';
