import {
  emptyTree,
  evolveTree,
  type OrganisationHistory,
  type OrganisationId,
  type OrganisationTree,
} from '@phancong/contracts';
import { type Day, Refusal } from '@phancong/event-sourcing';
import { Map as Immutable, Set as ImmutableSet } from 'immutable';
import { conflictsWith, type Entry } from './entry.ts';
import type { OrganisationEvent } from './organisation-event.ts';
import { becomes, type Place } from './tree-days.ts';

/** The tree with its history, and what deciding about it needs beside. */
export interface Organisations {
  readonly tree: OrganisationTree;
  readonly codes: Immutable<string, OrganisationId>;
  /** What was written down of each, in that order; the last one's revision is the organisation's ETag. */
  readonly entries: Immutable<OrganisationId, readonly Entry[]>;
  /** All that were ever put under the organisation or merged into it. */
  readonly parts: Immutable<OrganisationId, ImmutableSet<OrganisationId>>;
  readonly revision: number;
}

export const noOrganisations: Organisations = {
  tree: emptyTree,
  codes: Immutable(),
  entries: Immutable(),
  parts: Immutable(),
  revision: -1,
};

export function evolveOrganisations(state: Organisations, event: OrganisationEvent): Organisations {
  const { organisation: id, type, occurredAt } = event;
  const revision = state.revision + 1;
  const next = {
    ...state,
    revision,
    tree: evolveTree(state.tree, event),
    entries: state.entries.update(id, [], (entries) => [...entries, { type, occurredAt, revision }]),
  };
  const under = (parent: OrganisationId | undefined): Organisations =>
    parent === undefined
      ? next
      : { ...next, parts: next.parts.update(parent, ImmutableSet<OrganisationId>(), (parts) => parts.add(id)) };
  switch (event.type) {
    case 'OrganisationRegistered':
      return { ...under(event.parent), codes: next.codes.set(event.code, id) };
    case 'OrganisationMoved':
      return under(event.parent);
    case 'OrganisationMerged':
      return under(event.into);
    case 'OrganisationRenamed':
    case 'OrganisationDissolved':
      return next;
  }
}

/** The revision at which the organisation last changed. */
export const revisionOf = ({ entries }: Organisations, id: OrganisationId): number =>
  entries.get(id)?.at(-1)?.revision ?? -1;

/** The entry of one of these types that says something of the organisation for that day. */
export const entryOf = (state: Organisations, id: OrganisationId, occurredAt: Day, types: readonly string[]): Entry =>
  state.entries.get(id)?.findLast((entry) => entry.occurredAt === occurredAt && types.includes(entry.type)) ?? {
    type: types.join(),
    occurredAt,
    revision: revisionOf(state, id),
  };

/**
 * The organisation, if one may be put there on the first day of the span and stay until its last.
 * @throws Refusal when it is unknown, has not begun or is closed by then, or is dissolved later within the span
 */
export function placeFor(state: Organisations, place: Place): OrganisationHistory {
  const known = state.tree.get(place.id);
  if (!known) throw new Refusal('not-found', 'organisation-not-found', { organisation: place.id });
  onDay(known, place.from);
  for (const { id, until } of becomes(state.tree, place)) {
    const closed = state.tree.get(id)?.closed;
    if (closed && closed.into === undefined && (until === undefined || closed.on < until)) {
      throw conflictsWith(entryOf(state, id, closed.on, ['OrganisationDissolved']));
    }
  }
  return known;
}

/** @throws Refusal when the organisation is not there on the day */
export function onDay({ id, from, closed }: OrganisationHistory, on: Day): void {
  if (on < from) throw new Refusal('conflict', 'before-organisation-began', { organisation: id, from });
  if (closed && closed.on <= on)
    throw new Refusal('conflict', 'organisation-closed', { organisation: id, on: closed.on });
}

/** The cell, if a member may be in it during the span. @throws Refusal as `placeFor`, or when it is no cell */
export function cellFor(state: Organisations, place: Place): OrganisationHistory {
  const known = placeFor(state, place);
  if (known.kind !== 'cell') throw new Refusal('invalid', 'not-a-cell', { organisation: place.id });
  return known;
}
