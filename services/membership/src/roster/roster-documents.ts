import { CandidateId, evolveLife, MemberId, MemberLife, OrganisationId, Standing } from '@phancong/contracts';
import type { CandidateMessage, MemberMessage } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import type { ReadModel } from '@phancong/read-models';
import { fold, sortKey } from '@phancong/vietnamese';
import { z } from 'zod';

/** How a name sorts and is found. Of the erased there is none. */
const NameKeys = z.object({ sort: z.string(), folded: z.string() });
export type NameKeys = z.infer<typeof NameKeys>;

export const nameKeys = (name: string): NameKeys => ({ sort: sortKey(name), folded: fold(name) });

export const RosterMember = z.object({
  life: MemberLife,
  standing: Standing,
  sealed: z.array(z.string()),
  name: NameKeys.optional(),
  erased: z.boolean(),
  revision: z.int(),
});
export type RosterMember = z.infer<typeof RosterMember>;

export const rosterMembers: ReadModel<RosterMember> = { name: 'members', schema: RosterMember, indexes: {} };

/** One stay of a member in a cell, as lists need it. */
export const RosterStay = z.object({
  member: MemberId,
  code: z.string(),
  cell: OrganisationId,
  from: Day,
  until: Day.optional(),
  name: NameKeys.optional(),
});
export type RosterStay = z.infer<typeof RosterStay>;

export const rosterStays: ReadModel<RosterStay> = {
  name: 'stays',
  schema: RosterStay,
  indexes: {
    /** Everyone, also the erased. */
    'by-cell': ({ cell, member }) => [cell, member],
    'by-cell-and-name': ({ cell, name }) => (name ? [cell, name.sort] : undefined),
    'by-name': ({ name }) => (name ? [name.sort] : undefined),
  },
};

export const CandidateStatus = z.enum(['introduced', 'trained', 'admitted', 'withdrawn']);
export type CandidateStatus = z.infer<typeof CandidateStatus>;

export const RosterCandidate = z.object({
  candidate: CandidateId,
  status: CandidateStatus,
  introducedOn: Day,
  introducedBy: MemberId,
  revision: z.int(),
});
export type RosterCandidate = z.infer<typeof RosterCandidate>;

export const rosterCandidates: ReadModel<RosterCandidate> = {
  name: 'candidates',
  schema: RosterCandidate,
  indexes: {
    'by-day': ({ introducedOn }) => [introducedOn],
    'by-status': ({ status, introducedOn }) => [status, introducedOn],
    'by-introducer': ({ introducedBy, introducedOn }) => [introducedBy, introducedOn],
  },
};

/** What a message does not carry, because it never leaves the service. */
export interface PrivateFields {
  readonly standing?: Standing | undefined;
  readonly sealed?: string | undefined;
  /** Absent when the message says nothing of the name, or the person was erased. */
  readonly name?: string | undefined;
}

export function evolveRosterMember(
  doc: RosterMember | undefined,
  message: MemberMessage,
  { standing, sealed, name }: PrivateFields,
): RosterMember | undefined {
  if (doc && message.revision <= doc.revision) return doc;
  const life = evolveLife(doc?.life, message);
  if (!life) return doc;
  const erased = message.type === 'MemberErased' || (doc?.erased ?? false);
  const rest = { life, standing: standing ?? doc?.standing ?? 'probationary', erased, revision: message.revision };
  if (erased) return { ...rest, sealed: [] };
  const keys = name === undefined ? doc?.name : nameKeys(name);
  const texts = [...(doc?.sealed ?? []), ...(sealed === undefined ? [] : [sealed])];
  return { ...rest, sealed: texts, ...(keys && { name: keys }) };
}

/** The stays of a member under their ids. */
export const staysOf = (doc: RosterMember | undefined): readonly (readonly [string, RosterStay])[] =>
  doc?.life.stays.map(({ cell, from, until }, index) => {
    const { member, code } = doc.life;
    return [`${member}~${index}`, { member, code, cell, from, until, ...(doc.name && { name: doc.name }) }] as const;
  }) ?? [];

export function evolveRosterCandidate(
  doc: RosterCandidate | undefined,
  message: CandidateMessage,
): RosterCandidate | undefined {
  const { candidate, revision } = message;
  if (doc && revision <= doc.revision) return doc;
  if (message.type === 'CandidateIntroduced') {
    const { introducedBy, occurredAt } = message;
    return { candidate, introducedBy, introducedOn: occurredAt, status: 'introduced', revision };
  }
  if (!doc) return doc;
  switch (message.type) {
    case 'CandidateTrained':
      return { ...doc, revision, status: doc.status === 'introduced' ? 'trained' : doc.status };
    case 'CandidateAdmitted':
      return { ...doc, revision, status: 'admitted' };
    case 'CandidateWithdrawn':
      return { ...doc, revision, status: 'withdrawn' };
    case 'CandidateErased':
      return { ...doc, revision };
  }
}
