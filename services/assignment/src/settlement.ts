import {
  type AssignmentTerms,
  covers,
  type MemberId,
  type MemberLife,
  type OrganisationId,
  type OrganisationTree,
  type Stay,
  stayOn,
} from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import type { Group } from './group.ts';
import { belongsTo } from './placement.ts';

/** What a member's assignments depend on outside the book. */
export interface Circumstances {
  readonly life: MemberLife;
  /** Who takes over what ends because the member left or moved on the day. */
  readonly successors: readonly { readonly on: Day; readonly to: MemberId }[];
  readonly tree: OrganisationTree;
}

export interface Cut {
  /** The first day on which it no longer runs; its first day, if it cannot run at all. */
  readonly on: Day;
  readonly cause: 'member-left' | 'member-moved' | 'group-closed';
  readonly to?: MemberId | undefined;
}

interface Running {
  readonly terms: AssignmentTerms;
  /** The cell that the member was in when the assignment was made, on its first day. */
  readonly cell: OrganisationId;
}

/**
 * When an assignment must end, by rule 7: its member has to be in a cell throughout, and a move ends it unless the
 * group's organisation is the new cell or above it on that day, or the group is one of residents. It depends only on what
 * is known of the member, the tree and the group, not on the order in which that became known.
 */
export function cutOf({ terms, cell }: Running, circumstances: Circumstances, group: Group): Cut | undefined {
  const out = firstDayOut(terms.from, cell, circumstances, group);
  const closed = group.closed && { on: later(group.closed.on, terms.from), cause: 'group-closed' as const };
  const cut = closed && (!out || closed.on < out.on) ? closed : out;
  return cut && (terms.until === undefined || cut.on < terms.until) ? cut : undefined;
}

/**
 * When the member came only after the first day, by what is known now (a correction): the assignment from the day on
 * which the member came, if it can run then.
 */
export function delayed({ terms, cell }: Running, circumstances: Circumstances, group: Group): Running | undefined {
  const { life, tree } = circumstances;
  if (stayOn(life, terms.from)) return undefined;
  const stay = life.stays.find(({ from }) => from > terms.from && covers(terms, from));
  if (!stay || (group.closed && group.closed.on <= stay.from) || !keeps(tree, group, cell, stay, stay.from)) {
    return undefined;
  }
  return { terms: { ...terms, from: stay.from }, cell: stay.cell };
}

function firstDayOut(
  from: Day,
  cell: OrganisationId,
  { life, successors, tree }: Circumstances,
  group: Group,
): Cut | undefined {
  let day = from;
  // What could not run on its first day never was: there is nothing to pass on.
  const heir = (): MemberId | undefined =>
    day === from ? undefined : successors.findLast(({ on, to }) => on === day && to !== life.member)?.to;
  let here = cell;
  for (;;) {
    const stay = stayOn(life, day);
    if (!stay) return { on: day, cause: 'member-left', to: heir() };
    if (!keeps(tree, group, here, stay, day)) return { on: day, cause: 'member-moved', to: heir() };
    if (stay.until === undefined) return undefined;
    here = stay.cell;
    day = stay.until;
  }
}

const keeps = (tree: OrganisationTree, group: Group, before: OrganisationId, stay: Stay, day: Day): boolean =>
  stay.cell === before || group.kind === 'residents' || belongsTo(tree, group, stay.cell, day);

const later = (one: Day, other: Day): Day => (one > other ? one : other);
