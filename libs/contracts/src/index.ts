export * from './activity.ts';
export * from './assignment.ts';
export * from './assignment-terms.ts';
export * from './ids.ts';
export * from './member-life.ts';
export * from './membership.ts';
export * from './message.ts';
export * from './organisation-tree.ts';

import { z } from 'zod';
import { ActivityMessage } from './activity.ts';
import { AssignmentMessage } from './assignment.ts';
import { MembershipMessage } from './membership.ts';

/** Anything that any service publishes. */
export const Message = z.discriminatedUnion('type', [
  ...MembershipMessage.options,
  ...AssignmentMessage.options,
  ...ActivityMessage.options,
]);
export type Message = z.infer<typeof Message>;
