import { CandidateMessage, MemberMessage, type Message } from '@phancong/contracts';
import type { EventStore } from '@phancong/event-sourcing';
import type { PersonKeys } from '@phancong/privacy';
import { evolveDocuments, type Projection, type Session } from '@phancong/read-models';
import { memberCodec } from '../member-event.ts';
import { openFields, Personal } from '../personal.ts';
import {
  evolveRosterCandidate,
  evolveRosterMember,
  type PrivateFields,
  rosterCandidates,
  rosterMembers,
  rosterStays,
  staysOf,
} from './roster-documents.ts';

const kinds = <Type extends string>(
  options: readonly { readonly shape: { readonly type: { readonly value: Type } } }[],
) => new Set<string>(options.map(({ shape }) => shape.type.value));
const memberTypes = kinds(MemberMessage.options);
const candidateTypes = kinds(CandidateMessage.options);
const isMember = (message: Message): message is MemberMessage => memberTypes.has(message.type);
const isCandidate = (message: Message): message is CandidateMessage => candidateTypes.has(message.type);

/**
 * Who is where, and how names sort and are found. Messages carry no names: they are opened from the service's own log,
 * while the person's key exists; erasure takes them out of the documents.
 */
export function roster({ store, keys }: { readonly store: EventStore; readonly keys: PersonKeys }): Projection {
  const privateFields = async (message: MemberMessage): Promise<PrivateFields> => {
    const [recorded] = await store.readStream(message.key, message.revision);
    const event = recorded && memberCodec.decode(recorded);
    if (event?.type !== 'MemberAdmitted' && event?.type !== 'MemberCorrected') return {};
    const { standing, sealed } = event;
    const fields = sealed === undefined ? undefined : await openFields(keys, message.key, [sealed]);
    return { standing, sealed, name: Personal.partial().parse(fields ?? {}).name };
  };

  const privateOf = async (messages: readonly Message[]): Promise<ReadonlyMap<string, PrivateFields>> =>
    new Map(
      await Promise.all(
        messages
          .filter(isMember)
          .filter(({ type }) => type === 'MemberAdmitted' || type === 'MemberCorrected')
          .map(async (message) => [message.id, await privateFields(message)] as const),
      ),
    );

  return {
    name: 'membership-roster',
    version: 1,
    models: [rosterMembers, rosterStays, rosterCandidates],
    sources: ['membership'],
    apply: async (messages, session) => {
      const known = await privateOf(messages);
      await evolveDocuments(
        {
          model: rosterMembers,
          ids: (message) => (isMember(message) ? [message.member] : []),
          evolve: (doc, message) =>
            isMember(message) ? evolveRosterMember(doc, message, known.get(message.id) ?? {}) : doc,
        },
        messages,
        session,
      );
      await evolveDocuments(
        {
          model: rosterCandidates,
          ids: (message) => (isCandidate(message) ? [message.candidate] : []),
          evolve: (doc, message) => (isCandidate(message) ? evolveRosterCandidate(doc, message) : doc),
        },
        messages,
        session,
      );
      await writeStays(session);
    },
  };
}

async function writeStays(session: Session): Promise<void> {
  for (const { before, after } of await session.changes(rosterMembers)) {
    const stays = new Map(staysOf(after));
    for (const [id] of staysOf(before)) if (!stays.has(id)) await session.delete(rosterStays, id);
    for (const [id, stay] of stays) await session.put(rosterStays, id, stay);
  }
}
