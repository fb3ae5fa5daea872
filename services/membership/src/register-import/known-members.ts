import type { MemberId, OrganisationId, Standing } from '@phancong/contracts';
import type { Day } from '@phancong/event-sourcing';
import { fold } from '@phancong/vietnamese';
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

/** Card numbers are written with and without dots and spaces. */
export const cardKey = (code: string): string => fold(code).replace(/[^a-z0-9]/g, '');

export const identityKey = ({
  name,
  birthDate,
  admittedOn,
}: Pick<RegisteredMember, 'name' | 'birthDate' | 'admittedOn'>): string =>
  `${fold(name)}|${birthDate ?? ''}|${admittedOn}`;

export interface Recognised {
  /** Undefined when nobody is recorded whom the row means. */
  readonly known: KnownMember | undefined | 'member-ambiguous' | 'card-of-another' | 'member-erased';
  /** All by whom that was decided. */
  readonly meant: readonly KnownMember[];
}

/** @param own the id of the member that the row made, if it was imported before */
export type Recognise = (member: RegisteredMember, own: MemberId) => Recognised;

/** Recognises members by card number, else by name, birth date and date admitted. */
export function recogniser(known: Iterable<KnownMember>): Recognise {
  const byId = new Map<MemberId, KnownMember>();
  const byCard = new Map<string, KnownMember>();
  const byIdentity = new Map<string, KnownMember[]>();
  for (const member of known) {
    byId.set(member.id, member);
    byCard.set(cardKey(member.code), member);
    if (member.name === '') continue;
    const key = identityKey(member);
    byIdentity.set(key, [...(byIdentity.get(key) ?? []), member]);
  }
  return (member, own) => {
    const carded = member.code === undefined ? undefined : byCard.get(cardKey(member.code));
    if (carded) {
      const another = fold(carded.name) !== fold(member.name) && carded.birthDate !== member.birthDate;
      const problem = carded.name === '' ? 'member-erased' : another ? 'card-of-another' : undefined;
      return { known: problem ?? carded, meant: [carded] };
    }
    const made = byId.get(own);
    if (made) return { known: made.name === '' ? 'member-erased' : made, meant: [made] };
    const meant = byIdentity.get(identityKey(member)) ?? [];
    return { known: meant.length > 1 ? 'member-ambiguous' : meant[0], meant };
  };
}
