import type { LeavingReason } from '@phancong/contracts';
import type { Day, RefusalFacts } from '@phancong/event-sourcing';
import { normalise } from '@phancong/vietnamese';
import { cellDay, dayWithin } from './cell-day.ts';
import type { RowDays } from './day-faults.ts';
import {
  birth,
  type BornWithin,
  ERROR_VALUE,
  exitReason,
  likeFormula,
  NAME,
  nameCell,
  said,
  type Sex,
  sexIn,
} from './register-cells.ts';
import type { Field } from './register-columns.ts';

export type RowProblem =
  | 'name-missing'
  | 'name-invalid'
  | 'day-invalid'
  | 'day-missing'
  | 'cell-error'
  | 'text-too-long'
  | 'two-leavings';
export type RowRemark =
  | 'birth-date-partial'
  | 'formula-text'
  | 'leaving-reason-assumed'
  | 'probation-overdue'
  | 'title-unknown';

/** What is wrong with, or worth knowing of, one cell of the file. */
export interface Finding<Code extends string = string> {
  /** Field whose column it is about. */
  readonly field: Field;
  readonly code: Code;
  /** What stands in the cell, if anything. */
  readonly value?: string | undefined;
  /** None of them is personal. */
  readonly facts: RefusalFacts;
}

const MOST_QUOTED = 60;

/** As much of a cell's text as is quoted. */
export const quoted = (text: string | undefined): string | undefined => {
  const kept = normalise(text ?? '');
  if (kept === '') return undefined;
  return kept.length > MOST_QUOTED ? `${kept.slice(0, MOST_QUOTED)}…` : kept;
};

/** A member as the register tells it. */
export interface RegisteredMember {
  readonly name: string;
  readonly birthDate?: Day | undefined;
  /** Only this much of the birth date is told, and `birthDate` is its first day. */
  readonly bornWithin?: BornWithin | undefined;
  /** Card number. */
  readonly code?: string | undefined;
  readonly admittedOn: Day;
  readonly officialOn?: Day | undefined;
  /** First day in the cell, if the member came from elsewhere. */
  readonly transferredIn?: Day | undefined;
  readonly left?: { readonly on: Day; readonly reason: LeavingReason } | undefined;
  readonly workUnit?: string | undefined;
  readonly job?: string | undefined;
  readonly expertise?: string | undefined;
  readonly residence?: string | undefined;
  readonly sex?: Sex | undefined;
  readonly nativePlace?: string | undefined;
  readonly education?: string | undefined;
  readonly notes?: string | undefined;
}

export interface ReadRow {
  /** Absent when there are problems. */
  readonly member?: RegisteredMember;
  readonly problems: readonly Finding<RowProblem>[];
  readonly remarks: readonly Finding<RowRemark>[];
  /** All that could be read, whatever else is wrong. */
  readonly days: RowDays;
}

const MAX_TEXT = 500;
const MAX_CODE = 64;
const TEXTS = [
  'workUnit',
  'job',
  'expertise',
  'residence',
  'nativePlace',
  'education',
  'notes',
  'code',
  'cell',
] as const;

/** @param cell the raw text of a field in this row; empty when there is none */
export function readRow(cell: (field: Field) => string): ReadRow {
  const problems: Finding<RowProblem>[] = [];
  const remarks: Finding<RowRemark>[] = [];
  const problem = (field: Field, code: RowProblem, facts: RefusalFacts = {}) =>
    problems.push({ field, code, value: quoted(cell(field)), facts });
  const remark = (field: Field, code: RowRemark) =>
    remarks.push({ field, code, value: quoted(cell(field)), facts: {} });

  const text = (field: Field): string | undefined => {
    const kept = said(cell(field));
    const limit = field === 'code' ? MAX_CODE : MAX_TEXT;
    if (kept.length > limit) problem(field, 'text-too-long', { limit });
    if (ERROR_VALUE.test(kept)) problem(field, 'cell-error');
    if (likeFormula(kept)) remark(field, 'formula-text');
    return kept === '' ? undefined : kept;
  };
  const day = (field: Field): Day | undefined => {
    const kept = said(cell(field));
    const read = cellDay(kept);
    if (kept !== '' && read === undefined) problem(field, 'day-invalid');
    return read;
  };
  const event = (field: Field): { readonly on: Day; readonly words: string } | undefined => {
    const kept = said(cell(field));
    if (kept === '') return undefined;
    const { day: on, words } = dayWithin(kept);
    if (on === undefined) problem(field, 'day-invalid');
    return on === undefined ? undefined : { on, words };
  };

  const written = nameCell(cell('name'));
  if (written.name === '') problem('name', 'name-missing');
  else if (!NAME.test(written.name)) problem('name', 'name-invalid');
  const ownColumn = said(cell('birthDate'));
  const born = ownColumn === '' ? written : birth(ownColumn);
  if (ownColumn !== '' && born.birthDate === undefined) problem('birthDate', 'day-invalid');
  if (born.bornWithin)
    remarks.push({ field: 'birthDate', code: 'birth-date-partial', value: quoted(born.written), facts: {} });

  const [workUnit, job, expertise, residence, nativePlace, education, notes, code] = TEXTS.map(text);
  const admittedOn = day('admittedOn');
  if (admittedOn === undefined && said(cell('admittedOn')) === '') problem('admittedOn', 'day-missing');
  const officialOn = day('officialOn');
  const transferredIn = event('transferredIn')?.on;

  const out = event('transferredOut');
  const death = event('died');
  const exit = event('exited');
  const reason = exit && exitReason(exit.words);
  if (exit && !reason) remark('exited', 'leaving-reason-assumed');
  const leavings = [
    out && { field: 'transferredOut' as const, on: out.on, reason: 'transferred-out' as const },
    death && { field: 'died' as const, on: death.on, reason: 'died' as const },
    exit && { field: 'exited' as const, on: exit.on, reason: reason ?? ('removed' as const) },
  ].filter((leaving) => leaving !== undefined);
  const [leaving, second] = leavings;
  if (second) problem(second.field, 'two-leavings');

  const days = {
    ...{ birthDate: born.birthDate, admittedOn, officialOn, transferredIn },
    ...{ transferredOut: out?.on, died: death?.on, exited: exit?.on },
  };
  if (problems.length > 0 || admittedOn === undefined) return { problems, remarks, days };
  const member: RegisteredMember = {
    name: written.name,
    birthDate: born.birthDate,
    bornWithin: born.bornWithin,
    code,
    admittedOn,
    officialOn,
    transferredIn,
    left: leaving && { on: leaving.on, reason: leaving.reason },
    workUnit,
    job,
    expertise,
    residence,
    sex: sexIn(cell('sex')),
    nativePlace,
    education,
    notes,
  };
  return { member, problems, remarks, days };
}
