import type { MemberId, OrganisationId, Standing } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import { fold } from '@phancong/vietnamese';
import { codeKey } from '../member-code.ts';
import type { Sex } from './register-cells.ts';
import type { RegisteredMember } from './register-row.ts';

/** What the import needs to know of a member who is recorded already. */
export interface KnownMember {
  readonly id: MemberId;
  /** Of the member's stream: a change that was made already is not made again. */
  readonly revision: number;
  readonly code: string;
  /** Empty when the member's personal fields were erased. */
  readonly name: string;
  readonly birthDate?: Day | undefined;
  readonly admittedOn: Day;
  readonly officialOn?: Day | undefined;
  /** At admission, for those of whom no day of becoming official is known. */
  readonly standing: Standing;
  /** The last stay: cell, its first day, and the day on which the member left, if so. */
  readonly cell: OrganisationId;
  readonly from: Day;
  /** Whether there were stays before that one. */
  readonly transferred: boolean;
  readonly left?: { readonly on: Day } | undefined;
  readonly workUnit?: string | undefined;
  readonly job?: string | undefined;
  readonly expertise?: string | undefined;
  readonly residence?: string | undefined;
  readonly sex?: Sex | undefined;
  readonly nativePlace?: string | undefined;
  readonly education?: string | undefined;
  readonly notes?: string | undefined;
}

/**
 * One key for the ways in which a card number of figures is written: `52.001`, `52 001`. It tells whom to ask about,
 * never who it is: for the members themselves those are two codes.
 */
export const figuresKey = (code: string): string =>
  /^\d[\d .-]*$/.test(code) ? code.replace(/\D/g, '') : codeKey(code);

export const namesakeKey = ({ name, admittedOn }: Pick<RegisteredMember, 'name' | 'admittedOn'>): string =>
  `${fold(name)}|${admittedOn}`;

/** Why it is not clear whom a row means. */
export type Unclear =
  | 'member-ambiguous'
  | 'member-erased'
  | 'card-of-another'
  | 'card-under-another-name'
  | 'card-written-otherwise'
  | 'namesake-without-birth-date';

export interface Recognised {
  /** Undefined when nobody is recorded whom the row means. */
  readonly known: KnownMember | undefined | Unclear;
  /** All by whom that was decided. */
  readonly meant: readonly KnownMember[];
}

/** @param own the id of the member that the row made, if it was imported before */
export type Recognise = (member: RegisteredMember, own: MemberId) => Recognised;

/**
 * Recognises members by card number, else by name, birth date and date admitted. A birth date that is missing, here or
 * there, is no evidence: what rests on it is unclear.
 */
export function recogniser(known: readonly KnownMember[]): Recognise {
  const byId = new Map(known.map((member) => [member.id, member]));
  const byCode = new Map(known.map((member) => [codeKey(member.code), member]));
  const byFigures = grouped(known, ({ code }) => figuresKey(code));
  const byName = grouped(
    known.filter(({ name }) => name !== ''),
    namesakeKey,
  );
  return (member, own) => {
    const carded = member.code === undefined ? undefined : byCode.get(codeKey(member.code));
    if (carded) return { known: underCard(carded, member), meant: [carded] };
    const made = byId.get(own);
    if (made) return { known: made.name === '' ? 'member-erased' : made, meant: [made] };

    const namesakes = byName.get(namesakeKey(member)) ?? [];
    const same = namesakes.filter(({ birthDate }) => birthDate !== undefined && bornOn(member, birthDate));
    if (same.length > 1) return { known: 'member-ambiguous', meant: same };
    const alike = member.code === undefined ? [] : (byFigures.get(figuresKey(member.code)) ?? []);
    if (alike.some(({ id }) => id !== same[0]?.id))
      return { known: 'card-written-otherwise', meant: [...alike, ...same] };
    if (same[0]) return { known: same[0], meant: same };
    const perhaps = namesakes.filter(({ birthDate }) => birthDate === undefined || member.birthDate === undefined);
    return { known: perhaps.length > 0 ? 'namesake-without-birth-date' : undefined, meant: perhaps };
  };
}

/** Who has the card, if it is the person of the row. */
function underCard(carded: KnownMember, row: RegisteredMember): KnownMember | Unclear {
  if (carded.name === '') return 'member-erased';
  if (fold(carded.name) === fold(row.name)) return carded;
  if (carded.birthDate === undefined || row.birthDate === undefined) return 'card-under-another-name';
  return bornOn(row, carded.birthDate) ? carded : 'card-of-another';
}

/** Whether the day is what the row tells of the birth date: any day of a year or month of which no more is told. */
export function bornOn({ birthDate, bornWithin }: RegisteredMember, day: Day): boolean {
  const told = bornWithin === undefined ? birthDate : birthDate?.slice(0, bornWithin === 'year' ? 4 : 7);
  return told !== undefined && day.startsWith(told);
}

function grouped(members: readonly KnownMember[], keyOf: (member: KnownMember) => string) {
  const groups = new Map<string, KnownMember[]>();
  for (const member of members) {
    const group = groups.get(keyOf(member));
    if (group) group.push(member);
    else groups.set(keyOf(member), [member]);
  }
  return groups;
}
