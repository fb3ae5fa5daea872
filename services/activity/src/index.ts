export * from './activity.module.ts';
export { LogActivity } from './activity-input.ts';
export * from './messages.ts';
export type { ActivityPorts } from './ports.ts';
export { publish } from './published.ts';
