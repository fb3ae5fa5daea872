import { type OrganisationHistory, type OrganisationId, OrganisationKind } from '@phancong/contracts';
import { type Day, type Decider, Refusal } from '@phancong/event-sourcing';
import { conflictsWith, laterOf } from './entry.ts';
import type { OrganisationEvent } from './organisation-event.ts';
import {
  entryOf,
  evolveOrganisations,
  noOrganisations,
  onDay,
  type Organisations,
  placeFor,
  revisionOf,
} from './organisations.ts';
import { isOrStandsAbove, parentsDuring } from './tree-days.ts';

interface About {
  readonly organisation: OrganisationId;
  readonly on: Day;
  /** Revision of the organisation that the client saw. */
  readonly ifRevision?: number | undefined;
}

export type OrganisationCommand =
  | ({
      readonly type: 'register';
      readonly code: string;
      readonly name: string;
      readonly kind: OrganisationKind;
      readonly parent?: OrganisationId | undefined;
      readonly enterprise?: string | undefined;
      readonly province?: string | undefined;
    } & About)
  | ({ readonly type: 'rename'; readonly name: string } & About)
  | ({ readonly type: 'move'; readonly parent: OrganisationId } & About)
  | ({ readonly type: 'merge'; readonly into: OrganisationId } & About)
  /** `members`: how many are in it on that day or come later. */
  | ({ readonly type: 'dissolve'; readonly members: number } & About);

type Command<Type extends OrganisationCommand['type']> = Extract<OrganisationCommand, { type: Type }>;

/**
 * The tree of organisations: what may be told of it, in any order of days. A name or a place that is the same already
 * is written down all the same: it stays true when what was before is told later.
 */
export const organisationTree: Decider<Organisations, OrganisationCommand, OrganisationEvent> = {
  initialState: noOrganisations,
  evolve: evolveOrganisations,
  decide: (command, state) => {
    switch (command.type) {
      case 'register':
        return register(command, state);
      case 'rename': {
        const { organisation, name, on } = command;
        const { names } = openOn(state, command);
        if (names.findLast(({ from }) => from === on)?.name === name) return [];
        return [{ type: 'OrganisationRenamed', occurredAt: on, organisation, name }];
      }
      case 'move':
        return move(command, state);
      case 'merge':
        return merge(command, state);
      case 'dissolve':
        return dissolve(command, state);
    }
  },
};

function register(command: Command<'register'>, state: Organisations): readonly OrganisationEvent[] {
  const { organisation, code, name, kind, parent, enterprise, province, on, ifRevision } = command;
  if (state.tree.has(organisation)) throw new Refusal('conflict', 'already-exists', { id: organisation });
  if (ifRevision !== undefined)
    throw new Refusal('conflict', 'revision-mismatch', { expected: ifRevision, actual: -1 });
  const owner = state.codes.get(code);
  if (owner !== undefined) throw new Refusal('conflict', 'organisation-code-taken', { code, id: owner });
  if (parent !== undefined) nests(placeFor(state, { id: parent, from: on }), kind);
  const told = { organisation, code, name, kind, parent, enterprise, province };
  return [{ type: 'OrganisationRegistered', occurredAt: on, ...told }];
}

function move(command: Command<'move'>, state: Organisations): readonly OrganisationEvent[] {
  const { organisation, parent, on } = command;
  const known = openOn(state, command);
  if (known.parents.findLast(({ from }) => from === on)?.parent === parent) return [];
  const until = known.parents.find(({ from }) => from > on)?.from ?? known.closed?.on;
  const above = placeFor(state, { id: parent, from: on, until });
  refuseCycle(state, organisation, { id: parent, from: on, until });
  nests(above, known.kind);
  return [{ type: 'OrganisationMoved', occurredAt: on, organisation, parent }];
}

function merge(command: Command<'merge'>, state: Organisations): readonly OrganisationEvent[] {
  const { organisation, into, on } = command;
  const known = openOn(state, command);
  const target = placeFor(state, { id: into, from: on });
  refuseCycle(state, organisation, { id: into, from: on });
  if (target.kind !== known.kind) {
    throw new Refusal('conflict', 'merges-only-within-a-kind', { kind: known.kind, into: target.kind });
  }
  refuseLaterEntries(state, known, on);
  return [{ type: 'OrganisationMerged', occurredAt: on, organisation, into }];
}

function dissolve(command: Command<'dissolve'>, state: Organisations): readonly OrganisationEvent[] {
  const { organisation, on, members } = command;
  const known = openOn(state, command);
  const parts = [...everPartOf(state, organisation)].filter((part) => isPartFrom(state, part, organisation, on)).length;
  if (parts > 0 || members > 0) throw new Refusal('conflict', 'organisation-not-empty', { parts, members });
  refuseLaterEntries(state, known, on);
  return [{ type: 'OrganisationDissolved', occurredAt: on, organisation }];
}

/** The organisation, if something may happen to it on the day. */
function openOn(state: Organisations, { organisation, on, ifRevision }: About): OrganisationHistory {
  const known = state.tree.get(organisation);
  if (!known) throw new Refusal('not-found', 'organisation-not-found', { organisation });
  const actual = revisionOf(state, organisation);
  if (ifRevision !== undefined && ifRevision !== actual) {
    throw new Refusal('conflict', 'revision-mismatch', { expected: ifRevision, actual });
  }
  onDay(known, on);
  return known;
}

/** A part never ranks above what it is a part of; only a cell has none. */
function nests(parent: OrganisationHistory, kind: OrganisationKind): void {
  const rank = (of: OrganisationKind) => OrganisationKind.options.indexOf(of);
  if (parent.kind === 'cell' || rank(parent.kind) > rank(kind)) {
    throw new Refusal('conflict', 'kind-does-not-nest', { kind, parent: parent.kind });
  }
}

function refuseCycle(state: Organisations, organisation: OrganisationId, under: Parameters<typeof placeFor>[1]): void {
  if (isOrStandsAbove(state.tree, organisation, under)) {
    throw new Refusal('conflict', 'organisation-cycle', { organisation, under: under.id });
  }
}

/** From the day on which it is closed nothing can happen to it, and nothing be put under it or merged into it. */
function refuseLaterEntries(state: Organisations, { id, from }: OrganisationHistory, on: Day): void {
  if (on === from) throw new Refusal('conflict', 'before-organisation-began', { organisation: id, from });
  const own = state.entries.get(id)?.find(({ occurredAt }) => occurredAt >= on);
  if (own) throw conflictsWith(own);
  for (const part of state.parts.get(id) ?? []) {
    const later = state.tree.get(part)?.parents.find((entry) => entry.parent === id && entry.from >= on)?.from;
    const types = ['OrganisationMerged', 'OrganisationMoved', 'OrganisationRegistered'];
    if (later !== undefined) throw conflictsWith(entryOf(state, part, later, types));
  }
}

/** All that were ever put under the organisation, or under what was merged into it. */
function* everPartOf(state: Organisations, id: OrganisationId): Generator<OrganisationId> {
  for (const part of state.parts.get(id) ?? []) {
    yield part;
    if (state.tree.get(part)?.closed?.into === id) yield* everPartOf(state, part);
  }
}

function isPartFrom({ tree }: Organisations, part: OrganisationId, of: OrganisationId, on: Day): boolean {
  const known = tree.get(part);
  if (!known) return false;
  const days = { id: part, from: laterOf(known.from, on), until: known.closed?.on };
  return parentsDuring(tree, days).some(({ id }) => id === of);
}
