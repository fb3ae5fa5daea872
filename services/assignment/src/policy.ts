import { GroupKind } from '@phancong/contracts';
import { z } from 'zod';

/**
 * What a member must have to fit a group at a workplace. `place`: the group's organisation is the member's cell or above
 * it. `work-unit`: both name the same workshop, team or faculty (a group that names none takes everyone).
 * `expertise`: the member's is known. `standing`: an official member.
 */
export const Requirement = z.enum(['place', 'work-unit', 'expertise', 'standing']);
export type Requirement = z.infer<typeof Requirement>;

/** The organisation's own rules on who is assigned to whom: data, not code. */
export const Policy = z.strictObject({
  /** How many assignments a member may have active on one day. */
  maxAssignments: z.int().min(1).max(1000).default(3),
  /** Groups at a workplace with more people than this need members in the core of a mass organisation. */
  coreAbove: z.int().nonnegative().default(50),
  /** What each kind of group asks of a member; residents take everyone. */
  requirements: z.record(GroupKind, z.array(Requirement)).default({
    researchers: ['place', 'expertise', 'standing'],
    workers: ['place', 'work-unit'],
    youth: ['place', 'work-unit'],
    residents: [],
  }),
});
export type Policy = z.infer<typeof Policy>;

export const defaultPolicy: Policy = Policy.parse({});

/**
 * A deployment's own policy.
 * @param json text of a JSON object; what it does not name is as by default
 * @throws SyntaxError | z.ZodError
 */
export const parsePolicy = (json: string): Policy => Policy.parse(JSON.parse(json));
