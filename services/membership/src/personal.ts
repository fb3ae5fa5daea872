import { Day } from '@phancong/event-sourcing';
import type { PersonKeys } from '@phancong/privacy';
import { z } from 'zod';
import { PersonName, Short } from './texts.ts';

/** What is known of the person of a member. Encrypted before it is written down. */
export const personal = {
  name: PersonName,
  birthDate: Day.optional(),
  sex: z.enum(['female', 'male']).optional(),
  nativePlace: Short.optional(),
  education: Short.optional(),
  job: Short.optional(),
  residence: Short.optional(),
  /** Remarks of the register. */
  notes: Short.optional(),
};
/** As it was written down: by older rules, too. */
const WrittenName = z.string();
export const Personal = z.object({ ...personal, name: WrittenName });
export type Personal = z.infer<typeof Personal>;

/** A correction of them: absent fields stay, `null` removes. */
export const personalChanges = {
  name: PersonName.optional(),
  birthDate: Day.nullable().optional(),
  sex: z.enum(['female', 'male']).nullable().optional(),
  nativePlace: Short.nullable().optional(),
  education: Short.nullable().optional(),
  job: Short.nullable().optional(),
  residence: Short.nullable().optional(),
  notes: Short.nullable().optional(),
};
export const PersonalChanges = z.object(personalChanges);
export type PersonalChanges = z.infer<typeof PersonalChanges>;

/** A candidate is a name and a contact, and nothing more. */
export const candidatePersonal = { name: PersonName, contact: Short.optional() };
export const CandidatePersonal = z.object({ ...candidatePersonal, name: WrittenName });
export type CandidatePersonal = z.infer<typeof CandidatePersonal>;

/** What is encrypted at a time: fields of the person, and free text about the person that says why. */
const Sealed = z.object({ fields: z.record(z.string(), z.unknown()).optional(), reason: z.string().optional() });
export type Sealed = z.infer<typeof Sealed>;

/** The person's fields after all that was sealed, oldest first; `undefined` when the person was erased. */
export async function openFields(
  keys: PersonKeys,
  person: string,
  sealed: readonly string[],
): Promise<Record<string, unknown> | undefined> {
  const opened = await Promise.all(sealed.map((text) => keys.open(person, text)));
  let fields: Record<string, unknown> = {};
  for (const each of opened) {
    if (each === undefined) return undefined;
    fields = { ...fields, ...Sealed.parse(each).fields };
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

export async function openMember(keys: PersonKeys, person: string, sealed: readonly string[]) {
  const fields = await openFields(keys, person, sealed);
  return fields && Personal.parse(fields);
}

export async function openCandidate(keys: PersonKeys, person: string, sealed: string) {
  const fields = await openFields(keys, person, [sealed]);
  return fields && CandidatePersonal.parse(fields);
}
