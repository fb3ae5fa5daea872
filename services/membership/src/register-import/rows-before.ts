import type { MemberId } from '@phancong/contracts';
import { fold } from '@phancong/vietnamese';
import { codeKey } from '../member-code.ts';
import { figuresKey, type KnownMember, namesakeKey } from './known-members.ts';
import type { RegisteredMember } from './register-row.ts';

/** Where a row stands. */
export interface RowPlace {
  readonly sheet: string;
  readonly row: number;
}

/** Of each recorded member two of the rows that may mean the member. */
export class RowsOfMembers {
  readonly #places = new Map<MemberId, readonly RowPlace[]>();

  add(member: MemberId, { sheet, row }: RowPlace): void {
    const places = this.#places.get(member) ?? [];
    if (places.length < 2) this.#places.set(member, [...places, { sheet, row }]);
  }

  other(member: MemberId, { sheet, row }: RowPlace): RowPlace | undefined {
    return this.#places.get(member)?.find((place) => place.row !== row || place.sheet !== sheet);
  }
}

/** The first row, and the first without a card. */
interface Namesakes {
  readonly any: RowPlace;
  readonly cardless: RowPlace | undefined;
}

/** Who was spoken of in the rows before. */
export class RowsBefore {
  readonly #members = new Map<MemberId, RowPlace>();
  readonly #cards = new Map<string, { readonly place: RowPlace; readonly name: string }>();
  readonly #namesakes = new Map<string, Namesakes>();

  /**
   * The row before that speaks of the same member, or may do so. Namesakes with cards of their own are two. If there is
   * none, this row is remembered.
   */
  same({ sheet, row }: RowPlace, member: RegisteredMember, known: KnownMember | undefined) {
    const found = this.#found(member, known);
    if (!found) this.#remember({ sheet, row }, member, known);
    return found;
  }

  #found(member: RegisteredMember, known: KnownMember | undefined) {
    const { code, birthDate } = member;
    const spoken = known && this.#members.get(known.id);
    if (spoken) return { code: 'duplicate-row', place: spoken } as const;
    const carded = code === undefined ? undefined : this.#carded(code, known);
    if (carded) {
      const { place, name } = carded;
      return { code: name === fold(member.name) ? 'duplicate-row' : 'card-in-another-row', place } as const;
    }
    const namesake = (birth: string): RowPlace | undefined => {
      const rows = this.#namesakes.get(`${namesakeKey(member)}|${birth}`);
      return code === undefined ? rows?.any : rows?.cardless;
    };
    const same = birthDate === undefined ? undefined : namesake(birthDate);
    if (same) return { code: 'duplicate-row', place: same } as const;
    const perhaps = namesake(birthDate === undefined ? ANY : NONE);
    return perhaps && ({ code: 'namesake-in-another-row', place: perhaps } as const);
  }

  /** Whose recorded card the row has is known by it; that another is written alike says nothing then. */
  #carded(code: string, known: KnownMember | undefined) {
    const recorded = known && codeKey(known.code) === codeKey(code);
    return recorded ? undefined : this.#cards.get(figuresKey(code));
  }

  #remember(place: RowPlace, member: RegisteredMember, known: KnownMember | undefined): void {
    const { code, birthDate } = member;
    if (known) this.#members.set(known.id, place);
    if (code !== undefined) this.#cards.set(figuresKey(code), { place, name: fold(member.name) });
    for (const birth of [birthDate ?? NONE, ANY]) {
      const key = `${namesakeKey(member)}|${birth}`;
      const rows = this.#namesakes.get(key);
      const cardless = rows?.cardless ?? (code === undefined ? place : undefined);
      if (!rows || rows.cardless !== cardless) this.#namesakes.set(key, { any: rows?.any ?? place, cardless });
    }
  }
}

const NONE = 'none';
const ANY = 'any';
