export * from './command-answer.ts';
