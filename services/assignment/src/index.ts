export { AssignmentModule } from './assignment.module.ts';
export { messages } from './messages.ts';
export { defaultPolicy, parsePolicy, Policy } from './policy.ts';
export { policyIn } from './policy-file.ts';
export type { AssignmentPorts } from './ports.ts';
export { publish } from './published.ts';
