import type { GroupId, MemberId, Message, OrganisationId } from '@phancong/contracts';
import { type CommandHandler, commandIdFrom, type Day, Refusal } from '@phancong/event-sourcing';
import type { Positions, Projection } from '@phancong/read-models';
import { type BookCommand, bookDecider, bookStream } from './assignment-book.ts';
import type { Book } from './book-story.ts';
import type { Desk } from './desk.ts';
import { type Group, type GroupCommand, groupStream } from './group.ts';
import type { Policy } from './policy.ts';
import { everBelow } from './roster/ever-below.ts';
import type { KnownMembers } from './roster/known-members.ts';

export interface ProcessOptions {
  readonly books: CommandHandler<Book, BookCommand>;
  readonly groups: CommandHandler<Group | undefined, GroupCommand>;
  readonly members: KnownMembers;
  readonly desk: Desk;
  readonly policy: Policy;
  /** Whose assignments are to the group. */
  readonly holdersOf: (group: Group['group']) => Promise<readonly MemberId[]>;
  /** Resolves when what the process reads includes the messages up to there. */
  readonly caughtUp: (positions: Positions) => Promise<void>;
}

const BY = 'process:settling';
/** Books settled side by side: they share commits of the store. */
const AT_ONCE = 64;

/**
 * What spans two streams: a member's leaving or moving and a group's closing shorten assignments, a hand-over becomes an
 * assignment of the other member. It keeps no documents. Every command's id derives from the message, so that a repeat
 * does nothing; settling looks at all that is known by then, so that the order of messages does not matter. An
 * assignment that was made while the process worked is settled when its own message comes.
 */
export function settling(options: ProcessOptions): Projection {
  return {
    name: 'settling',
    version: 1,
    models: [],
    sources: ['membership', 'assignment'],
    apply: async (messages) => {
      const last = messages.at(-1);
      if (!last) return;
      await options.caughtUp({ [last.source]: last.position });
      const lines = linesOf(messages);
      const work = async (): Promise<void> => {
        for (let line = lines.shift(); line; line = lines.shift()) {
          for (const message of line) await react(options, message);
        }
      };
      const workers = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, lines.length) }, work));
      for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
    },
  };
}

/** Messages of one key stay in order. */
function linesOf(messages: readonly Message[]): Message[][] {
  const lines = new Map<string, Message[]>();
  for (const message of messages) {
    const line = lines.get(message.key);
    if (line) line.push(message);
    else lines.set(message.key, [message]);
  }
  return [...lines.values()];
}

async function react(options: ProcessOptions, message: Message): Promise<void> {
  const { id, occurredAt, type } = message;
  if (type === 'MemberTransferred' || type === 'MemberLeft' || type === 'MemberCorrected') {
    return settleBook(options, message.member, id);
  }
  if (type === 'AssignmentMade' || type === 'AssignmentCorrected') return settleBook(options, message.member, id);
  if (type === 'GroupClosed') return settleAll(options, await options.holdersOf(message.group), id);
  if (type === 'AssignmentHandedOver') {
    await handOver(options, message);
    // What nobody took may come back, by what is known by now.
    return settleBook(options, message.member, id);
  }
  if (type === 'OrganisationMoved') return settleBelow(options, message.organisation, occurredAt, id);
  if (type === 'OrganisationMerged') return settleBelow(options, message.into, occurredAt, id);
}

/**
 * An entry about the tree changes where those stand who came on that day or later, or were found to have been elsewhere on
 * the first day of an assignment: in a cell that is below the organisation then, or comes under it only later.
 */
async function settleBelow(options: ProcessOptions, root: OrganisationId, on: Day, seed: string): Promise<void> {
  const { members } = options;
  for (const cell of everBelow(await members.tree(), root, on)) {
    await settleAll(options, await members.membersSince(cell, on), seed);
  }
}

async function settleAll(options: ProcessOptions, members: readonly MemberId[], seed: string): Promise<void> {
  for (const member of new Set(members)) await settleBook(options, member, seed);
}

async function settleBook(options: ProcessOptions, member: MemberId, seed: string): Promise<void> {
  const { books, groups, members, desk, policy } = options;
  const stream = bookStream(member);
  const { state: book } = await books.load(stream);
  if (book.assignments.size === 0) return;
  const circumstances = await members.circumstances(member);
  const known = new Map<GroupId, Group>();
  for (const { terms } of book.assignments.values()) {
    if (known.has(terms.group)) continue;
    const { state: group } = await groups.load(groupStream(terms.group));
    if (group) known.set(terms.group, group);
  }
  const command = { type: 'settle', member, circumstances, groups: known, policy, seed } as const;
  if (bookDecider.decide(command, book).length === 0) return;
  const context = { by: BY, command: commandIdFrom('settle', seed, member) };
  await desk.inTurn(member, () => books.handle(stream, command, context));
}

async function handOver({ books, desk }: ProcessOptions, message: HandedOver): Promise<void> {
  const { member, assignment, successor, to, id } = message;
  const known = (await books.load(bookStream(member))).state.assignments.get(assignment);
  const handedOver = known?.handedOver;
  // Refused before, or taken back by a correction since.
  if (!known || handedOver?.successor !== successor || handedOver.refused !== undefined) return;
  try {
    const command = await desk.takeOver(known, handedOver);
    const context = { by: BY, command: commandIdFrom('take-over', id) };
    await desk.inTurn(to, () => books.handle(bookStream(to), command, context));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const refusal = { type: 'refuse-hand-over', member, assignment, code: error.code } as const;
    await books.handle(bookStream(member), refusal, { by: BY, command: commandIdFrom('refuse-hand-over', id) });
  }
}

type HandedOver = Extract<Message, { readonly type: 'AssignmentHandedOver' }>;
