import {
  evolveLife,
  evolveTree,
  MemberId,
  MemberLife,
  type MemberMessage,
  type Message,
  OrganisationId,
  OrganisationKind,
  type OrganisationHistory,
  type OrganisationMessage,
  Span,
} from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { evolveDocuments, type Projection, type ReadModel, type Session } from '@phancong/read-models';
import { Map as Immutable } from 'immutable';
import { z } from 'zod';

/** Of the last message of the stream that was taken in. */
const revision = z.int().nonnegative();

/** A member's life as membership tells it, and who was named to take over on which day. Its id is the member's. */
const KnownMember = z.object({
  life: MemberLife,
  successors: z.array(z.object({ on: Day, to: MemberId })),
  revision,
});
type KnownMember = z.infer<typeof KnownMember>;
export const members: ReadModel<KnownMember> = { name: 'known-members', schema: KnownMember, indexes: {} };

/** The days that a member was in a cell: one document a cell and member. */
const CellStay = z.object({ cell: OrganisationId, member: MemberId, spans: z.array(Span) });
type CellStay = z.infer<typeof CellStay>;
export const cellStays: ReadModel<CellStay> = {
  name: 'cell-stays',
  schema: CellStay,
  indexes: { 'by-cell': ({ cell, member }) => [cell, member] },
};

const KnownOrganisation = z.object({
  id: OrganisationId,
  code: z.string(),
  kind: OrganisationKind,
  enterprise: z.string().optional(),
  province: z.string().optional(),
  from: Day,
  names: z.array(z.object({ from: Day, name: z.string() })),
  parents: z.array(z.object({ from: Day, parent: OrganisationId })),
  closed: z.object({ on: Day, into: OrganisationId.optional() }).optional(),
  revision,
});
type KnownOrganisation = z.infer<typeof KnownOrganisation>;
/** All of them stand in one stream, so that the index tells what has changed since. */
export const organisations: ReadModel<KnownOrganisation> = {
  name: 'known-organisations',
  schema: KnownOrganisation,
  indexes: { 'by-revision': (organisation) => [organisation.revision] },
};

const isMemberMessage = (message: Message): message is MemberMessage =>
  message.source === 'membership' && 'member' in message && !('candidate' in message);
const isOrganisationMessage = (message: Message): message is OrganisationMessage =>
  message.source === 'membership' && 'organisation' in message;

/** What assignment needs to know of members and organisations. */
export const roster: Projection = {
  name: 'roster',
  version: 1,
  models: [members, cellStays, organisations],
  sources: ['membership'],
  apply: async (messages, session) => {
    await evolveDocuments(
      {
        model: organisations,
        ids: (message) => (isOrganisationMessage(message) ? [message.organisation] : []),
        evolve: evolveOrganisation,
      },
      messages,
      session,
    );
    await evolveDocuments(
      { model: members, ids: (message) => (isMemberMessage(message) ? [message.member] : []), evolve: evolveMember },
      messages,
      session,
    );
    await followStays(session);
  },
};

function evolveOrganisation(known: KnownOrganisation | undefined, message: Message): KnownOrganisation | undefined {
  if (!isOrganisationMessage(message) || (known && message.revision <= known.revision)) return known;
  const before: readonly (readonly [OrganisationId, OrganisationHistory])[] = known ? [[known.id, known]] : [];
  const after = evolveTree(Immutable(before), message).get(message.organisation);
  if (!after) return known;
  return { ...after, names: [...after.names], parents: [...after.parents], revision: message.revision };
}

function evolveMember(known: KnownMember | undefined, message: Message): KnownMember | undefined {
  if (!isMemberMessage(message) || (known && message.revision <= known.revision)) return known;
  const life = evolveLife(known?.life, message);
  if (!life) return known;
  const named = 'successor' in message ? message.successor : undefined;
  const before = known?.successors ?? [];
  const successors = named === undefined ? before : [...before, { on: message.occurredAt, to: named }];
  return { life, successors, revision: message.revision };
}

async function followStays(session: Session): Promise<void> {
  for (const { id, before, after } of await session.changes(members)) {
    const member = MemberId.parse(id);
    const stays = after?.life.stays ?? [];
    if (JSON.stringify(stays) === JSON.stringify(before?.life.stays)) continue;
    const cells = new Set(stays.map(({ cell }) => cell));
    for (const { cell } of before?.life.stays ?? []) {
      if (!cells.has(cell)) await session.delete(cellStays, `${cell}/${member}`);
    }
    for (const cell of cells) {
      const there = stays.filter((stay) => stay.cell === cell);
      const spans = there.map(({ from, until }) => ({ from, until }));
      await session.put(cellStays, `${cell}/${member}`, { cell, member, spans });
    }
  }
}
