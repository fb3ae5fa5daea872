import {
  AssignmentId,
  type BookMessage,
  GroupId,
  GroupKind,
  MemberId,
  type Message,
  OrganisationId,
} from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { evolveDocuments, type Projection, type ReadModel, type Session } from '@phancong/read-models';
import { z } from 'zod';
import { type Group, groupDecider, GroupEvent } from '../group.ts';

const revision = z.int().nonnegative();

/** What of a member's book has to be found from elsewhere. Its id is the member's. */
const BookIndex = z.object({
  member: MemberId,
  assignments: z.array(z.object({ assignment: AssignmentId, group: GroupId })),
  pending: z.array(z.object({ assignment: AssignmentId, group: GroupId, on: Day })),
  /** Registrations that wait no longer. */
  answered: z.array(z.object({ assignment: AssignmentId, group: GroupId })),
  revision,
});
type BookIndex = z.infer<typeof BookIndex>;
const bookIndex: ReadModel<BookIndex> = { name: 'book-index', schema: BookIndex, indexes: {} };

/** Whose an assignment or registration is; its id is the assignment's. */
const Holder = z.object({ assignment: AssignmentId, member: MemberId, group: GroupId, pendingSince: Day.optional() });
type Holder = z.infer<typeof Holder>;
export const holders: ReadModel<Holder> = {
  name: 'assignment-holders',
  schema: Holder,
  indexes: {
    'by-group': ({ group, assignment }) => [group, assignment],
    pending: ({ pendingSince, assignment }) => (pendingSince === undefined ? undefined : [pendingSince, assignment]),
  },
};

const KnownGroup = z.object({
  group: GroupId,
  code: z.string(),
  name: z.string(),
  kind: GroupKind,
  organisation: OrganisationId,
  workUnit: z.string().optional(),
  neighbourhood: z.string().optional(),
  from: Day,
  counts: z.array(z.object({ from: Day, headcount: z.int(), revision })),
  closed: z.object({ on: Day, revision }).optional(),
  revision,
});
type KnownGroup = z.infer<typeof KnownGroup>;
export const groups: ReadModel<KnownGroup> = {
  name: 'groups',
  schema: KnownGroup,
  indexes: { 'by-organisation': ({ organisation, code }) => [organisation, code] },
};

const isBookMessage = (message: Message): message is BookMessage =>
  message.source === 'assignment' && 'assignment' in message;

type Opening = Extract<BookMessage, { readonly type: 'RegistrationMade' | 'RegistrationDeclined' | 'AssignmentMade' }>;
/** Later changes of an assignment do not change where it is found. */
const isOpening = (message: Message): message is Opening =>
  message.type === 'RegistrationMade' || message.type === 'RegistrationDeclined' || message.type === 'AssignmentMade';

/** Where groups and assignments are found: what streams, named by id, cannot answer. */
export const register: Projection = {
  name: 'register',
  version: 2,
  models: [bookIndex, holders, groups],
  sources: ['assignment'],
  apply: async (messages, session) => {
    await evolveDocuments(
      { model: bookIndex, ids: (message) => (isOpening(message) ? [message.member] : []), evolve: evolveIndex },
      messages,
      session,
    );
    await followHolders(session);
    const ofGroup = (message: Message): readonly string[] =>
      message.source === 'assignment' && !isBookMessage(message) ? [message.group] : [];
    await evolveDocuments({ model: groups, ids: ofGroup, evolve: evolveGroup }, messages, session);
  },
};

function evolveIndex(known: BookIndex | undefined, message: Message): BookIndex | undefined {
  if (!isOpening(message) || (known && message.revision <= known.revision)) return known;
  const { member, assignment, occurredAt: on, revision } = message;
  const before = known ?? { member, assignments: [], pending: [], answered: [] };
  const answer = (isAnswered: (one: BookIndex['pending'][number]) => boolean) => ({
    pending: before.pending.filter((one) => !isAnswered(one)),
    answered: [
      ...before.answered,
      ...before.pending.filter(isAnswered).map((one) => ({ assignment: one.assignment, group: one.group })),
    ],
  });
  switch (message.type) {
    case 'RegistrationMade': {
      const { group } = message;
      return { ...before, revision, pending: [...before.pending, { assignment, group, on }] };
    }
    case 'RegistrationDeclined':
      return { ...before, ...answer((one) => one.assignment === assignment), revision };
    case 'AssignmentMade': {
      const { group } = message;
      const assignments = [...before.assignments, { assignment, group }];
      return { ...before, ...answer((one) => one.group === group && one.on <= on), revision, assignments };
    }
  }
}

async function followHolders(session: Session): Promise<void> {
  for (const { before, after } of await session.changes(bookIndex)) {
    if (!after) continue;
    const { member } = after;
    const waited = new Set(before?.pending.map(({ assignment }) => assignment));
    for (const { assignment, group, on } of after.pending) {
      if (waited.has(assignment)) continue;
      await session.put(holders, assignment, { assignment, member, group, pendingSince: on });
    }
    const answered = after.answered.slice(before?.answered.length ?? 0);
    const made = after.assignments.slice(before?.assignments.length ?? 0);
    for (const { assignment, group } of [...answered, ...made]) {
      await session.put(holders, assignment, { assignment, member, group });
    }
  }
}

function evolveGroup(known: KnownGroup | undefined, message: Message): KnownGroup | undefined {
  if (known && message.revision <= known.revision) return known;
  const event = GroupEvent.safeParse(message);
  if (!event.success) return known;
  const after: Group | undefined = groupDecider.evolve(known, event.data);
  return after && { ...after, counts: [...after.counts], revision: message.revision };
}
