export * from './kurrent-test-server.ts';
