import type { OrganisationId } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import { laterOf } from '../entry.ts';
import type { Cell } from './cell-directory.ts';
import { bornOn, figuresKey, type KnownMember } from './known-members.ts';
import type { Field } from './register-columns.ts';
import type { Sex } from './register-cells.ts';
import type { RegisteredMember } from './register-row.ts';

/** Fields that a register may put right; only those that differ. A blank cell says nothing. */
export interface Corrections {
  readonly code?: string;
  readonly name?: string;
  readonly birthDate?: Day;
  readonly admittedOn?: Day;
  readonly officialOn?: Day;
  /** First day in the cell. */
  readonly from?: Day;
  readonly workUnit?: string;
  readonly job?: string;
  readonly expertise?: string;
  readonly residence?: string;
  readonly sex?: Sex;
  readonly nativePlace?: string;
  readonly education?: string;
  readonly notes?: string;
}

/** What happened to a known member since, as the register tells it. In this order. */
export interface MemberChange {
  readonly corrections: Corrections;
  /** Into another cell, or another work unit of the cell that the member came to later. */
  readonly transfer?: { readonly cell: OrganisationId; readonly on: Day; readonly workUnit?: string | undefined };
  readonly officialisedOn?: Day;
  readonly left?: NonNullable<RegisteredMember['left']>;
}

export interface Contradiction {
  readonly field: Field;
  readonly code: 'member-has-left' | 'member-left-otherwise' | 'member-in-another-cell' | 'transfer-before-stay';
}

const sameText = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();

/** @returns undefined when the register says nothing new */
export function changeOf(
  known: KnownMember,
  row: RegisteredMember,
  cell: Cell,
): MemberChange | Contradiction | undefined {
  const elsewhere = known.cell !== cell.id;
  if (known.left && !row.left) return { field: 'name', code: 'member-has-left' };
  if (known.left && row.left && known.left.on !== row.left.on) {
    return { field: LEAVING[row.left.reason], code: 'member-left-otherwise' };
  }
  const told = !known.left && row.transferredIn !== undefined;
  const moved = elsewhere && told && row.transferredIn > known.from;
  if (elsewhere && told && !moved) return { field: 'transferredIn', code: 'transfer-before-stay' };
  if (elsewhere && !moved) return { field: 'name', code: 'member-in-another-cell' };

  const corrections = correctionsOf(known, row, cell, moved);
  const transfer = transferOf(known, row, cell, moved);
  const officialised = officialKnown(known) ? undefined : row.officialOn;
  const left = known.left ? undefined : row.left;
  if (Object.keys(corrections).length === 0 && !transfer && officialised === undefined && !left) return undefined;
  return {
    corrections,
    ...(transfer && { transfer }),
    ...(officialised !== undefined && { officialisedOn: officialised }),
    ...(left && { left }),
  };
}

/** Whether that the member is official is recorded, be it without a day. */
export const officialKnown = ({ officialOn, standing }: KnownMember): boolean =>
  officialOn !== undefined || standing === 'official';

function transferOf(known: KnownMember, row: RegisteredMember, cell: Cell, moved: boolean): MemberChange['transfer'] {
  const { workUnit, transferredIn } = row;
  if (moved && transferredIn !== undefined) return { cell: cell.id, on: transferredIn, workUnit };
  const otherUnit = known.transferred && workUnit !== undefined && !sameText(known.workUnit, workUnit);
  return otherUnit ? { cell: cell.id, on: known.from, workUnit } : undefined;
}

/** The column that tells why a member is no longer there. */
export const LEAVING = {
  'transferred-out': 'transferredOut',
  died: 'died',
  resigned: 'exited',
  removed: 'exited',
  expelled: 'exited',
} as const;

function correctionsOf(known: KnownMember, row: RegisteredMember, cell: Cell, moved: boolean): Corrections {
  // The first stay can be corrected; a later one is told by its transfer.
  const only = !known.transferred && !moved;
  const from = only && row.transferredIn !== undefined ? laterOf(row.transferredIn, cell.from) : known.from;
  const { code, name, birthDate, admittedOn, officialOn, workUnit, sex } = row;
  return {
    ...(code !== undefined && figuresKey(code) !== figuresKey(known.code) && { code }),
    ...(!sameText(known.name, name) && { name }),
    ...(birthDate !== undefined && !(known.birthDate && bornOn(row, known.birthDate)) && { birthDate }),
    ...(admittedOn !== known.admittedOn && { admittedOn }),
    ...(officialKnown(known) && officialOn !== undefined && officialOn !== known.officialOn && { officialOn }),
    ...(from !== known.from && { from }),
    ...(only && workUnit !== undefined && !sameText(known.workUnit, workUnit) && { workUnit }),
    ...(sex !== undefined && sex !== known.sex && { sex }),
    ...Object.fromEntries(TEXTS.flatMap((field) => told(field, known, row))),
  };
}

const TEXTS = ['job', 'expertise', 'residence', 'nativePlace', 'education', 'notes'] as const;

function told(field: (typeof TEXTS)[number], known: KnownMember, row: RegisteredMember): (readonly [string, string])[] {
  const text = row[field];
  return text === undefined || sameText(known[field], text) ? [] : [[field, text]];
}
