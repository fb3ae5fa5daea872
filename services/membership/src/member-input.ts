import { LeavingReason, MemberId, OrganisationId, Standing } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { body } from '@phancong/nest';
import { z } from 'zod';
import { personal, personalChanges } from './personal.ts';
import { Code, Reason, Short } from './texts.ts';

/** How many commands may be given together. */
export const MOST_TOGETHER = 5_000;

/** One of several commands of a kind about things that are there. */
export const together = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  body({ items: z.array(z.strictObject(shape)).min(1).max(MOST_TOGETHER) });

const admit = {
  id: MemberId.optional(),
  code: Code,
  ...personal,
  cell: OrganisationId,
  standing: Standing,
  admittedOn: Day,
  officialOn: Day.optional(),
  workUnit: Short.optional(),
  expertise: Short.optional(),
  from: Day.optional(),
};
export const AdmitMember = body(admit);
export type AdmitMember = z.infer<typeof AdmitMember>;
export const AdmitMembers = body({ members: z.array(z.strictObject(admit)).min(1).max(MOST_TOGETHER) });
export type AdmitMembers = z.infer<typeof AdmitMembers>;

const transfer = { cell: OrganisationId, on: Day, workUnit: Short.optional(), successor: MemberId.optional() };
export const TransferMember = body(transfer);
export type TransferMember = z.infer<typeof TransferMember>;
export const TransferMembers = together({ id: MemberId, ...transfer });
export type TransferMembers = z.infer<typeof TransferMembers>;

export const OnDay = body({ on: Day });
export type OnDay = z.infer<typeof OnDay>;
export const OfficialiseMembers = together({ id: MemberId, on: Day });
export type OfficialiseMembers = z.infer<typeof OfficialiseMembers>;

const exempt = { from: Day, until: Day.optional(), reason: Reason };
export const ExemptMember = body(exempt);
export type ExemptMember = z.infer<typeof ExemptMember>;
export const ExemptMembers = together({ id: MemberId, ...exempt });
export type ExemptMembers = z.infer<typeof ExemptMembers>;

const leave = { on: Day, reason: LeavingReason, successor: MemberId.optional() };
export const MemberLeaves = body(leave);
export type MemberLeaves = z.infer<typeof MemberLeaves>;
export const MembersLeave = together({ id: MemberId, ...leave });
export type MembersLeave = z.infer<typeof MembersLeave>;

const correct = {
  ...personalChanges,
  code: Code.optional(),
  cell: OrganisationId.optional(),
  from: Day.optional(),
  standing: Standing.optional(),
  admittedOn: Day.optional(),
  officialOn: Day.nullable().optional(),
  workUnit: Short.nullable().optional(),
  expertise: Short.nullable().optional(),
  reason: Reason,
};
export const CorrectMember = body(correct);
export type CorrectMember = z.infer<typeof CorrectMember>;
export const CorrectMembers = together({ id: MemberId, ...correct });
export type CorrectMembers = z.infer<typeof CorrectMembers>;

/** The reason stays in the log: it must not name the person. */
export const Erase = body({ reason: Reason });
export type Erase = z.infer<typeof Erase>;
