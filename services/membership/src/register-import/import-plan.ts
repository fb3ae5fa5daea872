import type { MemberId, OrganisationId, OrganisationTree } from '@phancong/contracts';
import type { Day, RefusalFacts } from '@phancong/event-sourcing';
import { laterOf } from '../entry.ts';
import { type Cell, cellDirectory } from './cell-directory.ts';
import { cardKey, identityKey, type KnownMember, type Recognise } from './known-members.ts';
import { changeOf, type Contradiction, LEAVING, type MemberChange } from './member-change.ts';
import type { Field } from './register-columns.ts';
import type { RegisteredMember, RowProblem, RowRemark } from './register-row.ts';
import type { RegisterRow } from './register-sheet.ts';

export type PlanProblem =
  | RowProblem
  | Contradiction['code']
  | 'cell-missing'
  | 'cell-unknown'
  | 'cell-ambiguous'
  | 'member-ambiguous'
  | 'card-of-another'
  | 'member-erased'
  | 'duplicate-row'
  | 'day-in-future'
  | 'left-before-cell-began';

/** A fault, or a remark, at a place in the file. `facts` hold no personal field. */
export interface RowFinding<Code extends string = string> {
  readonly sheet: string;
  readonly row: number;
  /** As spreadsheets name it; empty when the file has no such column. */
  readonly column: string;
  readonly code: Code;
  readonly facts: RefusalFacts;
}

/** What becomes of a row. `organisation`: the cell, or where the import was given to when the cell is not known. */
export type PlannedRow = { readonly row: RegisterRow; readonly organisation: OrganisationId } & (
  | { readonly outcome: 'admit'; readonly member: RegisteredMember; readonly from: Day }
  | { readonly outcome: 'change'; readonly known: KnownMember; readonly change: MemberChange }
  | { readonly outcome: 'unchanged' }
  /** Codes: a PlanProblem, or that of a command that was refused while importing. */
  | { readonly outcome: 'reject'; readonly errors: readonly RowFinding[] }
);

export interface PlanInput {
  readonly tree: OrganisationTree;
  readonly organisation: OrganisationId;
  readonly today: Day;
}

/** @param recognise knows everybody whom the row may mean, those who have left too */
export type ImportPlanner = (row: RegisterRow, recognise: Recognise) => PlannedRow;

export const findingIn = <Code extends string>(
  { sheet, row, columns }: Pick<RegisterRow, 'sheet' | 'row' | 'columns'>,
  field: Field,
  code: Code,
  facts: RefusalFacts = {},
): RowFinding<Code> => ({ sheet, row, column: columns[field] ?? '', code, facts });

export const remarksOf = (row: RegisterRow): RowFinding<RowRemark>[] =>
  row.remarks.map(({ field, code, facts }) => findingIn(row, field, code, facts));

/**
 * Decides what a row means, the same for a dry run and for real. Asked row by row in the order of the file, because it
 * remembers who was spoken of before.
 */
export function importPlanner({ tree, organisation, today }: PlanInput): ImportPlanner {
  const findCell = cellDirectory(tree, organisation, today);
  const earlierRow = duplicates();

  return (row, recognise) => {
    const reject = (at: OrganisationId, ...errors: RowFinding<PlanProblem>[]): PlannedRow => ({
      row,
      organisation: at,
      outcome: 'reject',
      errors,
    });
    const { member } = row;
    const cell = findCell(row.places);
    const faults: RowFinding<PlanProblem>[] = row.problems.map(({ field, code, facts }) =>
      findingIn(row, field, code, facts),
    );
    if (typeof cell === 'string') return reject(organisation, ...faults, findingIn(row, 'cell', cell));
    if (!member) return reject(cell.id, ...faults);

    const late = futureDays(member, today);
    if (late.length > 0) return reject(cell.id, ...late.map((field) => findingIn(row, field, 'day-in-future')));
    const recognised = recognise(member);
    if (typeof recognised === 'string' && recognised !== 'new') {
      return reject(cell.id, findingIn(row, recognised === 'member-ambiguous' ? 'name' : 'code', recognised));
    }
    const earlier = earlierRow(row.row, member, recognised === 'new' ? undefined : recognised.id);
    if (earlier !== undefined) return reject(cell.id, findingIn(row, 'name', 'duplicate-row', { row: earlier }));

    if (recognised === 'new') {
      const from = firstDay(member, cell);
      if (member.left && member.left.on <= from)
        return reject(cell.id, findingIn(row, 'name', 'left-before-cell-began'));
      return { row, organisation: cell.id, outcome: 'admit', member, from };
    }
    const change = changeOf(recognised, member, cell);
    if (!change) return { row, organisation: cell.id, outcome: 'unchanged' };
    if ('code' in change) return reject(cell.id, findingIn(row, change.field, change.code));
    return { row, organisation: cell.id, outcome: 'change', known: recognised, change };
  };
}

/** Finds the row that spoke of the same member before; namesakes with cards of their own are two. */
function duplicates(): (row: number, member: RegisteredMember, id: MemberId | undefined) => number | undefined {
  const cards = new Map<string, number>();
  const identities = new Map<string, { readonly row: number; readonly carded: boolean }>();
  const ids = new Map<MemberId, number>();
  return (row, member, id) => {
    const card = member.code === undefined ? undefined : cardKey(member.code);
    const identity = identityKey(member);
    const namesake = identities.get(identity);
    const same = namesake && !(namesake.carded && card !== undefined) ? namesake.row : undefined;
    const found =
      (card !== undefined ? cards.get(card) : undefined) ?? (id !== undefined ? ids.get(id) : undefined) ?? same;
    if (found !== undefined) return found;
    if (card !== undefined) cards.set(card, row);
    if (id !== undefined) ids.set(id, row);
    identities.set(identity, { row, carded: card !== undefined });
    return undefined;
  };
}

/** Nobody is in a cell before it began: who was admitted earlier and elsewhere is there from the cell's first day. */
function firstDay({ transferredIn, admittedOn }: RegisteredMember, cell: Cell): Day {
  return laterOf(transferredIn ?? admittedOn, cell.from);
}

function futureDays({ birthDate, admittedOn, officialOn, transferredIn, left }: RegisteredMember, today: Day): Field[] {
  const days: readonly (readonly [Field, Day | undefined])[] = [
    ['birthDate', birthDate],
    ['admittedOn', admittedOn],
    ['officialOn', officialOn],
    ['transferredIn', transferredIn],
    [left ? LEAVING[left.reason] : 'exited', left?.on],
  ];
  return days.flatMap(([field, day]) => (day !== undefined && day > today ? [field] : []));
}
