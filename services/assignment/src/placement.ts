import {
  type MemberLife,
  type OrganisationId,
  type OrganisationTree,
  pathOn,
  type Role,
  stayOn,
  successorOn,
} from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import { fold } from '@phancong/vietnamese';
import { z } from 'zod';
import { type Group, headcountOn } from './group.ts';
import type { Policy, Requirement } from './policy.ts';

/** What the policy misses in a member for a group. */
export const Mismatch = z.enum(['elsewhere', 'other-work-unit', 'expertise-unknown', 'not-official', 'not-core']);
export type Mismatch = z.infer<typeof Mismatch>;

/** The group's organisation is the cell, or stands above it, on the day; one that was merged counts as what it became. */
export const belongsTo = (tree: OrganisationTree, group: Group, cell: OrganisationId, day: Day): boolean =>
  pathOn(tree, cell, day).includes(successorOn(tree, group.organisation, day));

export interface Placement {
  readonly tree: OrganisationTree;
  readonly life: MemberLife;
  readonly group: Group;
  readonly on: Day;
  readonly role: Role;
  readonly massOrganisation?: string | undefined;
}

/** Why the policy advises against this member for this group on this day; none when it fits. */
export function mismatches(policy: Policy, placement: Placement): readonly Mismatch[] {
  const { group, on, role, massOrganisation } = placement;
  if (group.kind === 'residents') return [];
  const missed = policy.requirements[group.kind].flatMap((requirement) => missing(requirement, placement) ?? []);
  const core = role === 'core' && massOrganisation !== undefined;
  return headcountOn(group, on) > policy.coreAbove && !core ? [...missed, 'not-core'] : missed;
}

function missing(requirement: Requirement, { tree, life, group, on }: Placement): Mismatch | undefined {
  const stay = stayOn(life, on);
  switch (requirement) {
    case 'place':
      return stay && belongsTo(tree, group, stay.cell, on) ? undefined : 'elsewhere';
    case 'work-unit':
      if (group.workUnit === undefined) return undefined;
      return stay?.workUnit !== undefined && fold(stay.workUnit) === fold(group.workUnit)
        ? undefined
        : 'other-work-unit';
    case 'expertise':
      return life.expertise === undefined ? 'expertise-unknown' : undefined;
    case 'standing':
      return life.officialOn !== undefined && life.officialOn <= on ? undefined : 'not-official';
  }
}
