import { AssignmentId, GroupId, MemberId, Role } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { body } from '@phancong/nest';
import { z } from 'zod';
import { Decision } from './book-event.ts';

const text = (max: number) => z.string().trim().min(1).max(max);
const Reason = text(1_000);
const Content = z.array(text(500)).max(50);
/** `{ number, on? }`, or the number alone. */
const DecisionInput = z.union([text(100).transform((number) => ({ number })), Decision.extend({ number: text(100) })]);
/** Assigns although the policy advises against it. */
const override = z.strictObject({ reason: Reason }).optional();
const part = {
  role: Role.default('direct'),
  massOrganisation: text(200).optional(),
  decision: DecisionInput.optional(),
};

const assign = {
  id: AssignmentId.optional(),
  member: MemberId,
  group: GroupId,
  ...part,
  content: Content.default([]),
  from: Day,
  /** For what is over: an assignment of former years, written down before or after a later one. */
  ended: z.strictObject({ on: Day, reason: Reason }).optional(),
  override,
};
export const AssignInput = body(assign);
export type AssignInput = z.infer<typeof AssignInput>;

const register = {
  id: AssignmentId.optional(),
  member: MemberId,
  group: GroupId,
  content: Content.default([]),
  on: Day,
};
export const RegisterInput = body(register);
export type RegisterInput = z.infer<typeof RegisterInput>;

const approve = { on: Day, ...part, override };
const decline = { on: Day, reason: Reason };
export const ApproveInput = body(approve);
export type ApproveInput = z.infer<typeof ApproveInput>;
export const DeclineInput = body(decline);
export type DeclineInput = z.infer<typeof DeclineInput>;

const changeContent = { content: Content, on: Day };
const suspend = { on: Day, until: Day.optional(), reason: Reason };
const resume = { on: Day };
const handOver = { to: MemberId, on: Day, override };
const end = { on: Day, reason: Reason };
/** `endedOn: null` takes an end back. */
const correct = {
  from: Day.optional(),
  endedOn: Day.nullable().optional(),
  role: Role.optional(),
  massOrganisation: text(200).optional(),
  content: Content.optional(),
  reason: Reason,
  override,
};

export const ChangeContentInput = body(changeContent);
export type ChangeContentInput = z.infer<typeof ChangeContentInput>;
export const SuspendInput = body(suspend);
export type SuspendInput = z.infer<typeof SuspendInput>;
export const ResumeInput = body(resume);
export type ResumeInput = z.infer<typeof ResumeInput>;
export const HandOverInput = body(handOver);
export type HandOverInput = z.infer<typeof HandOverInput>;
export const EndInput = body(end);
export type EndInput = z.infer<typeof EndInput>;
export const CorrectInput = body(correct);
export type CorrectInput = z.infer<typeof CorrectInput>;

const verb = <Verb extends string, Shape extends z.core.$ZodShape>(name: Verb, shape: Shape) =>
  z.strictObject({ assignment: AssignmentId, verb: z.literal(name), ...shape });

/** What may be done with an assignment that is there. */
const ChangeInput = z.discriminatedUnion('verb', [
  verb('change-content', changeContent),
  verb('suspend', suspend),
  verb('resume', resume),
  verb('hand-over', handOver),
  verb('end', end),
  verb('correct', correct),
]);
export type ChangeInput = z.infer<typeof ChangeInput>;

const BULK = 5_000;

export const AssignAllInput = body({ assignments: z.array(z.strictObject(assign)).min(1).max(BULK) });
export type AssignAllInput = z.infer<typeof AssignAllInput>;

/** With `approve` or `decline` the committee's answer is recorded together with the registration. */
export const RegisterAllInput = body({
  registrations: z
    .array(
      z.strictObject({
        ...register,
        approve: z.strictObject(approve).optional(),
        decline: z.strictObject(decline).optional(),
      }),
    )
    .min(1)
    .max(BULK),
});
export type RegisterAllInput = z.infer<typeof RegisterAllInput>;

export const ChangeAllInput = body({ changes: z.array(ChangeInput).min(1).max(BULK) });
export type ChangeAllInput = z.infer<typeof ChangeAllInput>;
