export { MembershipModule } from './membership.module.ts';
export { messages } from './messages.ts';
export type { MembershipPorts } from './ports.ts';
export { publish } from './published.ts';
export { type Membership, membership } from './membership.ts';
export type { ImportReport } from './register-import/import-report.ts';
export type { ImportRegister } from './register-import/import-register.ts';
export { importer } from './register-import/importer.ts';
