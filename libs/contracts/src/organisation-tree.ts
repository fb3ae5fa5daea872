import type { Day } from '@phancong/event-sourcing';
import { Map as Immutable } from 'immutable';
import type { OrganisationId } from './ids.ts';
import type { OrganisationKind, OrganisationMessage } from './membership.ts';
import type { Facts } from './message.ts';

/** An organisation and its history: each name and parent holds from its day until the next one's. In order of days. */
export interface OrganisationHistory {
  readonly id: OrganisationId;
  readonly code: string;
  readonly kind: OrganisationKind;
  readonly enterprise?: string | undefined;
  readonly province?: string | undefined;
  readonly from: Day;
  readonly names: readonly { readonly from: Day; readonly name: string }[];
  readonly parents: readonly { readonly from: Day; readonly parent: OrganisationId }[];
  /** The day from which it is no longer there, and what it became part of. */
  readonly closed?: { readonly on: Day; readonly into?: OrganisationId | undefined } | undefined;
}

export type OrganisationTree = Immutable<OrganisationId, OrganisationHistory>;
export const emptyTree: OrganisationTree = Immutable();

/** An organisation message without what only the feed needs. */
export type OrganisationFact = Facts<OrganisationMessage>;

/** The tree after a message. Messages come in the order in which they were written down, their days in any order. */
export function evolveTree(tree: OrganisationTree, message: OrganisationFact): OrganisationTree {
  const { organisation: id, occurredAt: on } = message;
  if (message.type === 'OrganisationRegistered') {
    const { code, kind, name, parent, enterprise, province } = message;
    const parents = parent === undefined ? [] : [{ from: on, parent }];
    return tree.set(id, { id, code, kind, enterprise, province, from: on, names: [{ from: on, name }], parents });
  }
  const known = tree.get(id);
  if (!known) return tree;
  switch (message.type) {
    case 'OrganisationRenamed':
      return tree.set(id, { ...known, names: inserted(known.names, { from: on, name: message.name }) });
    case 'OrganisationMoved':
      return tree.set(id, { ...known, parents: inserted(known.parents, { from: on, parent: message.parent }) });
    case 'OrganisationMerged': {
      const { into } = message;
      return tree.set(id, {
        ...known,
        parents: inserted(known.parents, { from: on, parent: into }),
        closed: { on, into },
      });
    }
    case 'OrganisationDissolved':
      return tree.set(id, { ...known, closed: { on } });
  }
}

export const existsOn = ({ from, closed }: OrganisationHistory, day: Day): boolean =>
  from <= day && (closed === undefined || day < closed.on);

export const nameOn = ({ names }: OrganisationHistory, day: Day): string =>
  (names.findLast(({ from }) => from <= day) ?? names[0])?.name ?? '';

/**
 * The organisation that it is a part of on the day. Parts of one that was merged belong to what that became;
 * a closed one stays where it last was, so that what was done there is still counted above it.
 */
export function parentOn(tree: OrganisationTree, id: OrganisationId, day: Day): OrganisationId | undefined {
  const found = tree.get(id)?.parents.findLast(({ from }) => from <= day)?.parent;
  return found === undefined ? undefined : successorOn(tree, found, day);
}

/** What the organisation has become by the day: itself, or what it was merged into (and so on). */
export function successorOn(tree: OrganisationTree, id: OrganisationId, day: Day): OrganisationId {
  let current = id;
  for (;;) {
    const closed = tree.get(current)?.closed;
    if (closed?.into === undefined || day < closed.on) return current;
    current = closed.into;
  }
}

/** The organisation and all above it on the day, nearest first. */
export function pathOn(tree: OrganisationTree, id: OrganisationId, day: Day): OrganisationId[] {
  const path = [id];
  for (let above = parentOn(tree, id, day); above !== undefined; above = parentOn(tree, above, day)) {
    if (path.includes(above)) throw new Error(`organisation ${id} stands above itself on ${day}`);
    path.push(above);
  }
  return path;
}

const inserted = <Entry extends { readonly from: Day }>(entries: readonly Entry[], entry: Entry): Entry[] => [
  ...entries.filter(({ from }) => from <= entry.from),
  entry,
  ...entries.filter(({ from }) => from > entry.from),
];
