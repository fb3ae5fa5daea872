import { covers, type GroupId, type MemberId, type OrganisationId, stayOn } from '@phancong/contracts';
import type { CommandHandler, Day } from '@phancong/event-sourcing';
import type { Reader } from '@phancong/read-models';
import { type BookCommand, bookStream } from './assignment-book.ts';
import { type Book, isPending } from './book-story.ts';
import { groupOpenOn } from './group.ts';
import { isAfter, type Row } from './keyset.ts';
import { groups, holders } from './register/register.ts';
import { all, type KnownMembers } from './roster/known-members.ts';
import {
  type AssignmentView,
  assignmentViews,
  type GroupView,
  groupView,
  type RegistrationView,
  registrationView,
} from './views.ts';

type After = readonly string[] | undefined;

/** Rows of the service's lists. They begin after a key, so that a page costs what it shows. */
export class Lists {
  constructor(
    private readonly books: CommandHandler<Book, BookCommand>,
    private readonly members: KnownMembers,
    private readonly register: Reader,
  ) {}

  /** Groups that are open on the day, of the organisation and below it by the tree of that day; of all, if none is named. */
  async *groups(organisation: OrganisationId | undefined, on: Day, after: After): AsyncGenerator<Row<GroupView>> {
    for (const id of await this.organisations(organisation, on, after)) {
      const there = await all(this.register, groups, { index: 'by-organisation', equals: [id] });
      for (const { doc } of there) {
        const key = [id, doc.code, doc.group];
        if (groupOpenOn(doc, on) && isAfter(key, after)) yield { key, item: groupView(doc, on) };
      }
    }
  }

  /** Assignments that run on the day, of members who are then in the organisation or below it. */
  async *assignments(
    organisation: OrganisationId | undefined,
    on: Day,
    after: After,
  ): AsyncGenerator<Row<AssignmentView>> {
    for (const cell of await this.organisations(organisation, on, after)) {
      for (const member of await this.members.membersIn(cell, on)) {
        // No id begins with a tilde: the key stands after all assignments of the member.
        if (!isAfter([cell, member, '~'], after)) continue;
        for (const item of await this.running(member, on)) {
          const key = [cell, member, item.id];
          if (isAfter(key, after)) yield { key, item };
        }
      }
    }
  }

  /** Assignments to the group that run on the day; of members who are then in the organisation, if one is named. */
  async *ofGroup(
    group: GroupId,
    organisation: OrganisationId | undefined,
    on: Day,
    after: After,
  ): AsyncGenerator<Row<AssignmentView>> {
    const below = organisation === undefined ? undefined : new Set(await this.members.below(organisation, on));
    const held = await all(this.register, holders, { index: 'by-group', equals: [group] });
    for (const { doc } of held) {
      const key = [doc.assignment];
      if (!isAfter(key, after)) continue;
      const item = (await this.running(doc.member, on)).find(({ id }) => id === doc.assignment);
      if (item && (!below || (await this.isIn(below, doc.member, on)))) yield { key, item };
    }
  }

  /** Registrations that wait for the committee, of members who are in the organisation or below it on the day. */
  async *pending(
    organisation: OrganisationId | undefined,
    on: Day,
    after: After,
  ): AsyncGenerator<Row<RegistrationView>> {
    const below = organisation === undefined ? undefined : new Set(await this.members.below(organisation, on));
    for (const { doc } of await all(this.register, holders, { index: 'pending' })) {
      const { assignment, member, pendingSince = on } = doc;
      const key = [pendingSince, assignment];
      if (!isAfter(key, after)) continue;
      if (!(await this.isIn(below, member, on))) continue;
      const registration = (await this.book(member)).registrations.get(assignment);
      if (registration && isPending(registration)) yield { key, item: registrationView(member, registration) };
    }
  }

  /** Whether the member is in one of the cells on the day; in any, if none are named. */
  async isIn(cells: ReadonlySet<OrganisationId> | undefined, member: MemberId, on: Day): Promise<boolean> {
    const stay = stayOn((await this.members.circumstances(member)).life, on);
    return stay !== undefined && (!cells || cells.has(stay.cell));
  }

  async book(member: MemberId): Promise<Book> {
    return (await this.books.load(bookStream(member))).state;
  }

  async running(member: MemberId, on: Day): Promise<readonly AssignmentView[]> {
    return assignmentViews(member, await this.book(member), on).filter((view) => covers(view, on));
  }

  /** By id, from where the page begins. */
  async organisations(organisation: OrganisationId | undefined, on: Day, after: After) {
    const from = after?.[0] ?? '';
    const ids =
      organisation === undefined
        ? [...(await this.members.tree()).keys()].sort()
        : await this.members.below(organisation, on);
    return ids.filter((id) => id >= from);
  }
}
