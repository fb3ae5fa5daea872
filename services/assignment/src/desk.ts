import { AssignmentId, type GroupId, MemberId } from '@phancong/contracts';
import {
  type Claims,
  type CommandContext,
  type CommandHandler,
  commandIdFrom,
  createdId,
  Refusal,
} from '@phancong/event-sourcing';
import { type CommandAnswer, commandAnswer } from '@phancong/nest';
import { type BookCommand, bookDecider, bookStream, type Lookups, type TakeOver } from './assignment-book.ts';
import { required } from './book-beginning.ts';
import type { ApproveInput, AssignInput, ChangeInput, DeclineInput, RegisterInput } from './book-input.ts';
import { type Assignment, type Book, contentOn } from './book-story.ts';
import { assignmentIdStream, type ClaimEvent } from './claim.ts';
import { type Group, type GroupCommand, groupStream } from './group.ts';
import type { Policy } from './policy.ts';
import type { KnownMembers } from './roster/known-members.ts';

export interface DeskOptions {
  readonly books: CommandHandler<Book, BookCommand>;
  readonly groups: CommandHandler<Group | undefined, GroupCommand>;
  readonly claims: Claims<ClaimEvent>;
  readonly members: KnownMembers;
  readonly policy: Policy;
  /** Whose an assignment or registration is, by its id. */
  readonly memberOf: (assignment: AssignmentId) => Promise<MemberId | undefined>;
}

/** Looks up what the rules need to know, and brings each command to the book that it concerns. */
export class Desk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  async assign({ id, from: on, ...asked }: AssignInput, context: CommandContext): Promise<CommandAnswer> {
    const lookups = await this.lookups(asked.member, asked.group);
    return this.#open(id, { ...asked, on, ...lookups, type: 'assign' }, context);
  }

  async register({ id, ...asked }: RegisterInput, context: CommandContext): Promise<CommandAnswer> {
    const lookups = await this.lookups(asked.member, asked.group);
    return this.#open(id, { ...asked, ...lookups, type: 'register' }, context);
  }

  /** @param of whose registration it is, if that is known */
  async approve(
    assignment: AssignmentId,
    asked: ApproveInput,
    context: CommandContext,
    of?: MemberId,
  ): Promise<CommandAnswer> {
    const { member, book } = await this.find(assignment, 'registration-not-found', of);
    const registration = book.registrations.get(assignment);
    if (!registration) throw new Refusal('not-found', 'registration-not-found', { id: assignment });
    const lookups = await this.lookups(member, registration.group);
    return this.#give({ ...asked, ...lookups, type: 'approve', member, assignment }, context);
  }

  /** @param of whose registration it is, if that is known */
  async decline(
    assignment: AssignmentId,
    asked: DeclineInput,
    context: CommandContext,
    of?: MemberId,
  ): Promise<CommandAnswer> {
    const { member } = await this.find(assignment, 'registration-not-found', of);
    return this.#give({ ...asked, type: 'decline', member, assignment }, context);
  }

  async change(asked: ChangeInput, context: CommandContext): Promise<CommandAnswer> {
    const { member, book } = await this.find(asked.assignment);
    const known = required(book, asked.assignment);
    switch (asked.verb) {
      case 'change-content':
        return this.#give({ ...asked, member, type: 'change-content' }, context);
      case 'suspend':
        return this.#give({ ...asked, member, type: 'suspend' }, context);
      case 'end':
        return this.#give({ ...asked, member, type: 'end' }, context);
      case 'resume':
        return this.#give({ ...asked, member, type: 'resume', policy: this.#options.policy }, context);
      case 'correct': {
        const lookups = await this.lookups(member, known.terms.group);
        return this.#give({ ...asked, ...lookups, member, type: 'correct' }, context);
      }
      case 'hand-over': {
        const { to, on, override } = asked;
        const successor = AssignmentId.parse(commandIdFrom('hand-over', context.command));
        const retried = known.handedOver?.successor === successor;
        if (!retried && to !== member) await this.#tryTakingOver(known, { to, on, override, successor });
        return this.#give({ ...asked, member, successor, type: 'hand-over' }, context);
      }
    }
  }

  /** The book that an assignment or registration stands in. @throws Refusal with the code given */
  async find(
    id: AssignmentId,
    code: 'assignment-not-found' | 'registration-not-found' = 'assignment-not-found',
    of?: MemberId,
  ) {
    const member = of ?? (await this.#options.memberOf(id));
    if (member === undefined) throw new Refusal('not-found', code, { id });
    const { state: book, revision } = await this.#options.books.load(bookStream(member));
    return { member, book, revision };
  }

  /** @throws Refusal `member-not-found` */
  async mustKnow(member: MemberId): Promise<void> {
    await this.#options.members.circumstances(member);
  }

  /** @throws Refusal `member-not-found` | `group-not-found` */
  async lookups(member: MemberId, groupId: GroupId): Promise<Lookups> {
    const { members, groups, policy } = this.#options;
    const circumstances = await members.circumstances(member);
    const { state: group } = await groups.load(groupStream(groupId));
    if (!group) throw new Refusal('not-found', 'group-not-found', { id: groupId });
    return { circumstances, group, policy };
  }

  /** The command by which another member takes an assignment over. @throws Refusal as `lookups` */
  async takeOver(known: Assignment, { to, on, override, successor }: Succession): Promise<TakeOver> {
    const { terms, role, massOrganisation, decision } = known;
    const part = { role, massOrganisation, decision, content: contentOn(known, on) };
    const lookups = await this.lookups(to, terms.group);
    const takenOverFrom = terms.assignment;
    return { ...part, ...lookups, type: 'take-over', member: to, assignment: successor, on, override, takenOverFrom };
  }

  /** For what is written to the member's book from elsewhere, too: an id that is being claimed for the book is not left behind. */
  inTurn<Result>(member: MemberId, work: () => Promise<Result>): Promise<Result> {
    return this.#options.claims.inTurn(bookStream(member), work);
  }

  async #tryTakingOver(known: Assignment, succession: Succession): Promise<void> {
    const { state } = await this.#options.books.load(bookStream(succession.to));
    bookDecider.decide(await this.takeOver(known, succession), state);
  }

  async #open(id: AssignmentId | undefined, opening: Opening, context: CommandContext): Promise<CommandAnswer> {
    const assignment = id ?? AssignmentId.parse(createdId(context.command));
    const command = { ...opening, assignment };
    if (id === undefined) return this.#give(command, context);
    const { books, claims } = this.#options;
    const { member, on: occurredAt } = opening;
    return claims.claim(
      {
        stream: assignmentIdStream(id),
        claim: { type: 'AssignmentIdClaimed', occurredAt, code: id, owner: member },
        thing: bookStream(member),
        check: () => books.check(bookStream(member), command, context),
        carries: async ({ owner }) => {
          const { assignments, registrations } = (await books.load(bookStream(MemberId.parse(owner)))).state;
          return assignments.has(id) || registrations.has(id);
        },
        taken: () => new Refusal('conflict', 'already-exists', { id }),
      },
      context,
      () => this.#write(command, context),
    );
  }

  #give(command: Exclude<BookCommand, { readonly type: 'settle' }>, context: CommandContext): Promise<CommandAnswer> {
    return this.inTurn(command.member, () => this.#write(command, context));
  }

  async #write(
    command: Exclude<BookCommand, { readonly type: 'settle' }>,
    context: CommandContext,
  ): Promise<CommandAnswer> {
    const handled = await this.#options.books.handle(bookStream(command.member), command, context);
    return commandAnswer('assignment', command.assignment, handled);
  }
}

export interface Succession {
  readonly to: MemberId;
  readonly on: TakeOver['on'];
  readonly override?: { readonly reason: string } | undefined;
  readonly successor: AssignmentId;
}

type Without<Command> = Command extends unknown ? Omit<Command, 'assignment'> : never;
type Opening = Without<Extract<BookCommand, { readonly type: 'assign' | 'register' }>>;
