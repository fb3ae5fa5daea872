import { OrganisationId, OrganisationKind } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { body, page, query } from '@phancong/nest';
import { z } from 'zod';
import { MOST_TOGETHER } from './member-input.ts';
import { Code, Name } from './texts.ts';

const register = {
  id: OrganisationId.optional(),
  code: Code,
  name: Name,
  kind: OrganisationKind,
  parent: OrganisationId.optional(),
  enterprise: Name.optional(),
  province: Name.optional(),
  from: Day,
};
export const RegisterOrganisation = body(register);
export type RegisterOrganisation = z.infer<typeof RegisterOrganisation>;
export const RegisterOrganisations = body({
  organisations: z.array(z.strictObject(register)).min(1).max(MOST_TOGETHER),
});
export type RegisterOrganisations = z.infer<typeof RegisterOrganisations>;

export const RenameOrganisation = body({ name: Name, on: Day });
export type RenameOrganisation = z.infer<typeof RenameOrganisation>;
export const MoveOrganisation = body({ parent: OrganisationId, on: Day });
export type MoveOrganisation = z.infer<typeof MoveOrganisation>;
export const MergeOrganisation = body({ into: OrganisationId, on: Day });
export type MergeOrganisation = z.infer<typeof MergeOrganisation>;

/** `asOf`: the day asked for; today if absent. */
export const ListOrganisations = query({
  asOf: Day.optional(),
  parent: OrganisationId.optional(),
  kind: OrganisationKind.optional(),
  ...page,
});
export type ListOrganisations = z.infer<typeof ListOrganisations>;

export const AsOf = query({ asOf: Day.optional() });
export type AsOf = z.infer<typeof AsOf>;
