import type { OrganisationId, OrganisationTree } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';

/**
 * The organisation and whatever is below it on some day from `since` on; perhaps more, as the days on which one was below
 * another are not compared. An entry about an organisation changes the place of these, and of no others.
 */
export function everBelow(tree: OrganisationTree, root: OrganisationId, since: Day): ReadonlySet<OrganisationId> {
  const parts = new Map<OrganisationId, OrganisationId[]>();
  for (const { id, parents } of tree.values()) {
    for (const [index, { parent }] of parents.entries()) {
      const next = parents[index + 1];
      if (next && next.from <= since) continue;
      const known = parts.get(parent);
      if (known) known.push(id);
      else parts.set(parent, [id]);
    }
  }
  const found = new Set([root]);
  // What is added while the set is walked is walked, too.
  for (const id of found) for (const part of parts.get(id) ?? []) found.add(part);
  return found;
}
