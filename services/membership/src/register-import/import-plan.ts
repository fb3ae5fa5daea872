import { type MemberId, nameOn, type OrganisationId, type OrganisationTree } from '@phancong/contracts';
import type { Day, RefusalFacts } from '@phancong/event-sourcing';
import { formatDay } from '@phancong/vietnamese';
import { laterOf } from '../entry.ts';
import { type Cell, cellDirectory } from './cell-directory.ts';
import type { KnownMember, Recognise, Unclear } from './known-members.ts';
import { type DayFault, dayFaults } from './day-faults.ts';
import { changeOf, type Contradiction, LEAVING, type MemberChange, officialKnown } from './member-change.ts';
import type { Field } from './register-columns.ts';
import { quoted, type RegisteredMember, type RowProblem, type RowRemark } from './register-row.ts';
import type { RegisterRow } from './register-sheet.ts';
import { RowsBefore, RowsOfMembers } from './rows-before.ts';

export type PlanProblem =
  | RowProblem
  | Contradiction['code']
  | 'cell-missing'
  | 'cell-unknown'
  | 'cell-ambiguous'
  | 'title-of-another-cell'
  | Unclear
  | 'duplicate-row'
  | 'card-in-another-row'
  | 'namesake-in-another-row'
  | 'also-in-another-row'
  | DayFault['code']
  | 'left-before-cell-began'
  | 'left-on-day-of-coming';

/** A fault, or a remark, at a place in the file. `facts` hold no personal field. */
export interface RowFinding<Code extends string = string> {
  readonly sheet: string;
  readonly row: number;
  /** As spreadsheets name it; empty when the file has no such column. */
  readonly column: string;
  readonly code: Code;
  /** What stands there, perhaps cut; personal. */
  readonly value?: string | undefined;
  readonly facts: RefusalFacts;
}

/** What becomes of a row. `organisation`: the cell, or where the import was given to when the cell is not known. */
export type PlannedRow = AcceptedRow | UnchangedRow | RejectedRow;
interface Planned {
  readonly row: RegisterRow;
  readonly organisation: OrganisationId;
}
/** A row that tells something: of whom, and the code that the member gets with it. */
export type AcceptedRow = Planned & { readonly id: MemberId } & (
    | {
        readonly outcome: 'admit';
        readonly code: string;
        readonly member: RegisteredMember;
        readonly from: Day;
      }
    | {
        readonly outcome: 'change';
        readonly code?: string | undefined;
        readonly change: MemberChange;
        /** Of the member's stream: a change that was made already is not made again. */
        readonly revision: number;
      }
  );
export type UnchangedRow = Planned & { readonly outcome: 'unchanged' };
export type RejectedRow = Planned & {
  readonly outcome: 'reject';
  /** Codes: a PlanProblem, or that of a command that is refused. */
  readonly errors: readonly RowFinding[];
};

export interface PlanInput {
  readonly tree: OrganisationTree;
  readonly organisation: OrganisationId;
  readonly today: Day;
}

/** Asked row by row in the order of the file: it remembers who was spoken of before. */
export interface ImportPlanner {
  /**
   * @param own the id of the member that the row makes, if nobody is recorded yet whom it means
   * @param recognise knows everybody whom the row may mean, those who have left too
   */
  plan(row: RegisterRow, own: MemberId, recognise: Recognise): PlannedRow;
  /** What becomes of it beside the other rows; to be asked when all are planned. */
  settle(planned: PlannedRow): PlannedRow;
}

/** A finding in the column of the field; `value`: what was read there, unless it is given. */
export const findingIn = <Code extends string>(
  row: RegisterRow,
  field: Field,
  code: Code,
  facts: RefusalFacts = {},
  value = readIn(row, field),
): RowFinding<Code> => ({ sheet: row.sheet, row: row.row, column: columnOf(row, field), value, code, facts });

/** A birth date may stand in the column of the name. */
const columnOf = ({ columns }: RegisterRow, field: Field): string =>
  columns[field] ?? (field === 'birthDate' ? columns.name : undefined) ?? '';

function readIn({ member, days, places }: RegisterRow, field: Field): string | undefined {
  const day = days[field];
  if (day !== undefined) return formatDay(day);
  if (field === 'cell') return quoted(places[0]);
  return field === 'name' || field === 'code' ? quoted(member?.[field]) : undefined;
}

export const remarksOf = (row: RegisterRow): RowFinding<RowRemark>[] =>
  row.remarks.map(({ field, code, facts, value }) => findingIn(row, field, code, facts, value));

/** Decides what a row means, the same for a dry run and for real. */
export function importPlanner({ tree, organisation, today }: PlanInput): ImportPlanner {
  const findCell = cellDirectory(tree, organisation, today);
  const rowsBefore = new RowsBefore();
  const meaning = new RowsOfMembers();

  const plan: ImportPlanner['plan'] = (given, own, recognise) => {
    const { member } = given;
    const { cell, place, unknown } = findCell(given.places, given.ownPlace);
    const row = unknown.reduce((each, title) => remarked(each, 'cell', 'title-unknown', title), given);
    const faults: RowFinding<PlanProblem>[] = [
      ...row.problems.map(({ field, code, facts, value }) => findingIn(row, field, code, facts, value)),
      ...dayFaults(row.days, today).map(({ field, code, facts }) => findingIn(row, field, code, facts)),
    ];
    if (typeof cell === 'string') {
      return rejected(
        { row, organisation },
        ...faults,
        findingIn(row, 'cell', cell, {}, quoted(place ?? row.places[0])),
      );
    }
    const planned = { row, organisation: cell.id };
    if (!member || faults.length > 0) return rejected(planned, ...faults);

    const { known, meant } = recognise(member, own);
    for (const { id } of meant) meaning.add(id, row);
    if (typeof known === 'string') {
      const field = member.code !== undefined && CARD_UNCLEAR.has(known) ? 'code' : 'name';
      return rejected(planned, findingIn(row, field, known));
    }
    const before = rowsBefore.same(row, member, known);
    if (before) {
      const field = before.code === 'card-in-another-row' ? 'code' : 'name';
      return rejected(planned, findingIn(row, field, before.code, { ...before.place }));
    }

    const overdue = probationOverdue(member, known, today);
    const kept = overdue ? { ...planned, row: remarked(row, 'officialOn', 'probation-overdue') } : planned;

    if (!known) {
      const from = firstDay(member, cell);
      if (member.left && member.left.on <= from) {
        const began = (member.transferredIn ?? member.admittedOn) < cell.from;
        const code = began ? 'left-before-cell-began' : 'left-on-day-of-coming';
        return rejected(planned, findingIn(row, LEAVING[member.left.reason], code, { from }));
      }
      return { ...kept, outcome: 'admit', id: own, code: member.code ?? codeFor(own), member, from };
    }
    const change = changeOf(known, member, cell);
    if (!change) return { ...kept, outcome: 'unchanged' };
    if ('code' in change) {
      const recorded = tree.get(known.cell);
      const stay = { cell: recorded ? nameOn(recorded, today) : known.cell, from: known.from };
      return rejected(planned, findingIn(row, change.field, change.code, stay));
    }
    const { id, revision } = known;
    return { ...kept, outcome: 'change', id, revision, code: change.corrections.code, change };
  };

  const settle: ImportPlanner['settle'] = (planned) => {
    if (planned.outcome !== 'change') return planned;
    const [field] = IDENTITY.filter((each) => planned.change.corrections[each] !== undefined);
    const other = field && meaning.other(planned.id, planned.row);
    // Whom the other row means would depend on whether this one was imported before.
    return other ? rejected(planned, findingIn(planned.row, field, 'also-in-another-row', { ...other })) : planned;
  };
  return { plan, settle };
}

const rejected = ({ row, organisation }: Planned, ...errors: RowFinding<PlanProblem>[]): RejectedRow => ({
  ...{ row, organisation, outcome: 'reject', errors },
});

const CARD_UNCLEAR: ReadonlySet<Unclear> = new Set([
  'member-erased',
  'card-of-another',
  'card-under-another-name',
  'card-written-otherwise',
]);

const remarked = (row: RegisterRow, field: Field, code: RowRemark, text?: string): RegisterRow => ({
  ...row,
  remarks: [...row.remarks, { field, code, value: quoted(text), facts: {} }],
});

/** Probation lasts twelve months (Điều lệ Đảng); this long after the admission, a blank day was rather forgotten. */
function probationOverdue(member: RegisteredMember, known: KnownMember | undefined, today: Day): boolean {
  const { admittedOn, officialOn, left } = member;
  if (officialOn !== undefined || (known && officialKnown(known))) return false;
  const limit = `${Number(admittedOn.slice(0, 4)) + 2}${admittedOn.slice(4)}`;
  return limit < (left?.on ?? today);
}

/** What a member is known again by. */
const IDENTITY = ['code', 'name', 'birthDate', 'admittedOn'] as const;

/** For those who have no card yet. Says nothing of the person. */
const codeFor = (own: MemberId): string => `dv-${own.replaceAll('-', '').slice(0, 12)}`;

/** Nobody is in a cell before it began: who was admitted earlier and elsewhere is there from the cell's first day. */
function firstDay({ transferredIn, admittedOn }: RegisteredMember, cell: Cell): Day {
  return laterOf(transferredIn ?? admittedOn, cell.from);
}
