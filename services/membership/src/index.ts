export { MembershipModule } from './membership.module.ts';
export { messages } from './messages.ts';
export type { MembershipPorts } from './ports.ts';
export { publish } from './published.ts';
