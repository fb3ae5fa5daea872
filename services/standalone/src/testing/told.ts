import fc from 'fast-check';
import type { NaiveParty } from './naive-party.ts';

interface On {
  readonly id: string;
  /** The day on which it was so, in ISO. */
  readonly on: string;
}
type Verb<Do extends string, Fields extends object = object> = On & Fields & { readonly do: Do };

/** Something that is told to the services by a command; ids as in the history. */
export type Told =
  | Verb<'register', { readonly kind: string; readonly parent?: string }>
  | Verb<'rename' | 'dissolve'>
  | Verb<'move', { readonly parent: string }>
  | Verb<'merge', { readonly into: string }>
  | Verb<'admit' | 'transfer' | 'correct-member', { readonly cell: string }>
  | Verb<'leave' | 'end-exemption'>
  | Verb<'exempt', { readonly until?: string }>
  | Verb<'introduce', { readonly by: string }>
  | Verb<'train' | 'withdraw'>
  | Verb<'admit-candidate', { readonly member: string; readonly cell: string }>
  | Verb<'form', { readonly kind: string; readonly organisation: string }>
  | Verb<'close'>
  | Verb<'assign' | 'volunteer', { readonly member: string; readonly group: string }>
  | Verb<'suspend', { readonly until?: string }>
  | Verb<'resume' | 'end'>
  | Verb<'hand-over', { readonly to: string }>
  | Verb<'correct-assignment', { readonly endedOn: string | null }>
  | Verb<'log', { readonly assignment: string; readonly reached: number; readonly campaign?: string }>
  | Verb<'amend', { readonly reached: number }>
  | Verb<'void'>;

/** One thing that somebody may tell, in numbers that are taken as choices: a history shrinks by leaving things out. */
export interface Chance {
  readonly what: number;
  readonly who: number;
  readonly where: number;
  readonly on: number;
  readonly then: number;
}
export const chance = fc.record<Chance>({
  what: fc.nat(999),
  who: fc.nat(99),
  where: fc.nat(99),
  on: fc.nat(15),
  then: fc.nat(15),
});

/** Few days, so that many things fall on one. */
export const dayOf = (count: number): string =>
  `20${10 + Math.floor(count / 4)}-${['02', '05', '08', '11'][count % 4] ?? '02'}-01`;
export const START = '2004-01-01';

/** What every history begins with; of the campaign `blood` deeds may be a part. */
export const GROUND: readonly Told[] = [
  { do: 'register', id: 'bloc', kind: 'bloc', on: START },
  { do: 'register', id: 'north', kind: 'committee', parent: 'bloc', on: START },
  { do: 'register', id: 'south', kind: 'committee', parent: 'bloc', on: START },
  { do: 'register', id: 'n1', kind: 'cell', parent: 'north', on: START },
  { do: 'register', id: 'n2', kind: 'cell', parent: 'north', on: START },
  { do: 'register', id: 's1', kind: 'cell', parent: 'south', on: START },
  { do: 'form', id: 'lane', kind: 'residents', organisation: 'bloc', on: START },
  { do: 'form', id: 'mill', kind: 'workers', organisation: 'north', on: START },
  { do: 'form', id: 'hall', kind: 'workers', organisation: 's1', on: START },
  { do: 'admit', id: 'an', cell: 'n1', on: START },
  { do: 'admit', id: 'binh', cell: 's1', on: dayOf(1) },
  { do: 'admit', id: 'chi', cell: 'n2', on: START },
  { do: 'assign', id: 'a-an', member: 'an', group: 'mill', on: dayOf(2) },
  { do: 'volunteer', id: 'a-binh', member: 'binh', group: 'hall', on: dayOf(2) },
  { do: 'assign', id: 'a-chi', member: 'chi', group: 'lane', on: dayOf(0) },
];
const CELLS = ['n1', 'n2', 's1', 'c1', 'c2'];
const COMMITTEES = ['north', 'south', 'bloc'];
const GROUPS = ['lane', 'mill', 'hall'];

/** What somebody might tell next, of the things that are there. Much of it is refused. @param index names what is new */
export function idea({ what, who, where, on: day, then }: Chance, party: NaiveParty, index: number): Told {
  const one = (names: Iterable<string>, choice: number): string => {
    const list = [...names];
    return list[choice % list.length] ?? 'nothing';
  };
  const on = dayOf(day);
  const later = then > day ? dayOf(then) : undefined;
  const until = later === undefined ? {} : { until: later };
  const [cell, parent, group] = [one(CELLS, where), one(COMMITTEES, where), one(GROUPS, where)];
  const organisation = { id: one(party.organisations.keys(), who), on };
  const member = { id: one(party.members.keys(), who), on };
  const other = one(party.members.keys(), where);
  const assignment = { id: one(party.assignments.keys(), who), on };
  const candidate = { id: one(party.candidates.keys(), who), on };
  const deed = { id: one(party.deeds.keys(), who), on };
  const admitted = then % 4 === 0 ? other : `m${index}`;
  const given = { id: `a${index}`, member: member.id, group, on };
  const campaign = where % 2 === 0 ? { campaign: 'blood' } : {};
  const ideas: readonly (readonly [weight: number, told: Told])[] = [
    [3, { do: 'register', id: one(['c1', 'c2'], who), kind: 'cell', parent, on }],
    [6, { do: 'move', ...organisation, parent }],
    [5, { do: 'merge', ...organisation, into: one([...CELLS, ...COMMITTEES], where) }],
    [1, { do: 'dissolve', ...organisation }],
    [1, { do: 'rename', ...organisation }],
    [8, { do: 'admit', id: `m${index}`, cell, on }],
    [14, { do: 'transfer', ...member, cell }],
    [3, { do: 'correct-member', ...member, cell }],
    [1, { do: 'leave', ...member }],
    [4, { do: 'exempt', ...member, ...until }],
    [3, { do: 'end-exemption', ...member }],
    [4, { do: 'introduce', id: `k${index}`, by: member.id, on }],
    [4, { do: 'train', ...candidate }],
    [4, { do: 'admit-candidate', ...candidate, member: admitted, cell }],
    [1, { do: 'withdraw', ...candidate }],
    [1, { do: 'close', id: group, on }],
    [14, { do: 'assign', ...given }],
    [6, { do: 'volunteer', ...given }],
    [4, { do: 'suspend', ...assignment, ...until }],
    [3, { do: 'resume', ...assignment }],
    [4, { do: 'end', ...assignment }],
    [4, { do: 'hand-over', ...assignment, to: other }],
    [4, { do: 'correct-assignment', ...assignment, endedOn: later ?? null }],
    [12, { do: 'log', id: `d${index}`, assignment: assignment.id, on, reached: then, ...campaign }],
    [3, { do: 'amend', ...deed, reached: then }],
    [1, { do: 'void', ...deed }],
  ];
  let left = what % ideas.reduce((sum, [weight]) => sum + weight, 0);
  const chosen = ideas.find(([weight]) => (left -= weight) < 0);
  return chosen?.[1] ?? { do: 'rename', ...organisation };
}
