import {
  activeOn,
  covers,
  GroupId,
  MemberId,
  OrganisationId,
  type OrganisationTree,
  pathOn,
  successorOn,
} from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import type { Reader } from '@phancong/read-models';
import { z } from 'zod';
import type { Book } from './book-story.ts';
import { type Group, groupOpenOn, headcountOn } from './group.ts';
import { isAfter, type Row } from './keyset.ts';
import type { Lists } from './lists.ts';
import { mismatches } from './placement.ts';
import type { Policy } from './policy.ts';
import { groups } from './register/register.ts';
import { all, type KnownMembers } from './roster/known-members.ts';
import type { Circumstances } from './settlement.ts';

/** A member with room for another assignment, and the groups that fit by the policy. `core`: only in that role. */
export const Suggestion = z
  .object({
    member: MemberId,
    cell: OrganisationId,
    /** Assignments that are active on the day. */
    active: z.int(),
    groups: z.array(z.object({ id: GroupId, core: z.boolean() })),
  })
  .meta({ id: 'Suggestion' });
export type Suggestion = z.infer<typeof Suggestion>;

export interface SuggestionOptions {
  readonly lists: Lists;
  readonly members: KnownMembers;
  readonly register: Reader;
  readonly policy: Policy;
}

export interface Wanted {
  readonly organisation: OrganisationId;
  readonly group?: GroupId | undefined;
  readonly on: Day;
}

/** Who fits by the policy, in the organisation and below it. Exempt members and those with all they may have are left out. */
export async function* suggestions(
  { lists, members, register, policy }: SuggestionOptions,
  { organisation, group, on }: Wanted,
  after: readonly string[] | undefined,
): AsyncGenerator<Row<Suggestion>> {
  const tree = await members.tree();
  for (const cell of await lists.organisations(organisation, on, after)) {
    const there = (await members.membersIn(cell, on)).filter((member) => isAfter([cell, member], after));
    if (there.length === 0) continue;
    const open = await openGroups(register, tree, cell, on);
    const asked = group === undefined ? open : open.filter((one) => one.group === group);
    for (const member of there) {
      const circumstances = await members.circumstances(member);
      const suggestion = suggest(policy, circumstances, await lists.book(member), asked, on);
      if (suggestion) yield { key: [cell, member], item: { member, cell, ...suggestion } };
    }
  }
}

/** Groups of the cell and of what stands above it, also of what became one of them. */
async function openGroups(register: Reader, tree: OrganisationTree, cell: OrganisationId, on: Day): Promise<Group[]> {
  const path = new Set(pathOn(tree, cell, on));
  const merged = [...tree.values()].filter(({ id, closed }) => closed?.into && path.has(successorOn(tree, id, on)));
  const open: Group[] = [];
  for (const id of new Set([...path, ...merged.map((organisation) => organisation.id)])) {
    const found = await all(register, groups, { index: 'by-organisation', equals: [id] });
    open.push(...found.flatMap(({ doc }) => (groupOpenOn(doc, on) ? [doc] : [])));
  }
  return open;
}

function suggest(policy: Policy, { life, tree }: Circumstances, book: Book, open: readonly Group[], on: Day) {
  if (life.exemptions.some((span) => covers(span, on))) return undefined;
  const running = [...book.assignments.values()].flatMap(({ terms }) => (covers(terms, on) ? [terms] : []));
  const active = running.filter((terms) => activeOn(terms, on)).length;
  if (active >= policy.maxAssignments) return undefined;
  const fitting = open.flatMap((group) => {
    if (running.some((terms) => terms.group === group.group)) return [];
    const core = group.kind !== 'residents' && headcountOn(group, on) > policy.coreAbove;
    const as = core ? ({ role: 'core', massOrganisation: 'any' } as const) : ({ role: 'direct' } as const);
    return mismatches(policy, { tree, life, group, on, ...as }).length === 0 ? [{ id: group.group, core }] : [];
  });
  return fitting.length > 0 ? { active, groups: fitting } : undefined;
}
