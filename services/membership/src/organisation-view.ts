import {
  existsOn,
  nameOn,
  type OrganisationHistory,
  OrganisationId,
  OrganisationKind,
  type OrganisationTree,
  parentOn,
} from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { z } from 'zod';
import type { ListOrganisations } from './organisation-input.ts';
import { cursorOf, placeAt } from './roster/by-name.ts';

const organisation = {
  id: OrganisationId,
  code: z.string(),
  name: z.string(),
  kind: OrganisationKind,
  parent: OrganisationId.optional(),
  enterprise: z.string().optional(),
  province: z.string().optional(),
  from: Day,
};
export const OrganisationRow = z.object(organisation).meta({ id: 'OrganisationRow' });
export type OrganisationRow = z.infer<typeof OrganisationRow>;
export const OrganisationList = z.object({ items: z.array(OrganisationRow), next: z.string().optional() });

/** As it was on the day asked for; its names and parents with the days from which they hold. */
export const OrganisationDetail = z
  .object({
    ...organisation,
    exists: z.boolean(),
    closed: z.object({ on: Day, into: OrganisationId.optional() }).optional(),
    names: z.array(z.object({ from: Day, name: z.string() })),
    parents: z.array(z.object({ from: Day, parent: OrganisationId })),
    revision: z.int(),
  })
  .meta({ id: 'Organisation' });
export type OrganisationDetail = z.infer<typeof OrganisationDetail>;

export function rowOf(tree: OrganisationTree, known: OrganisationHistory, on: Day): OrganisationRow {
  const { id, code, kind, enterprise, province, from } = known;
  return { id, code, name: nameOn(known, on), kind, parent: parentOn(tree, id, on), enterprise, province, from };
}

export const detailOf = (
  tree: OrganisationTree,
  known: OrganisationHistory,
  on: Day,
  revision: number,
): OrganisationDetail => ({
  ...rowOf(tree, known, on),
  exists: existsOn(known, on),
  closed: known.closed,
  names: [...known.names],
  parents: [...known.parents],
  revision,
});

/** Those that are there on the day, by code. @throws Refusal `invalid-cursor` */
export function listOf(
  tree: OrganisationTree,
  { parent, kind, limit, cursor }: ListOrganisations,
  on: Day,
): z.infer<typeof OrganisationList> {
  const after = placeAt(cursor)?.[0];
  const wanted = [...tree.values()].filter(
    (known) =>
      existsOn(known, on) &&
      (kind === undefined || known.kind === kind) &&
      (parent === undefined || parentOn(tree, known.id, on) === parent) &&
      (after === undefined || known.code > after),
  );
  const page = wanted.sort((one, other) => (one.code < other.code ? -1 : 1)).slice(0, limit);
  const last = page.length < wanted.length ? page.at(-1) : undefined;
  return { items: page.map((known) => rowOf(tree, known, on)), ...(last && { next: cursorOf([last.code, last.id]) }) };
}
