import { type AssignmentId, type MemberFact, type Message, type OrganisationFact } from '@phancong/contracts';
import type { Publish } from '@phancong/event-feed';
import { commandHandler, type EventStore, inMemoryEventStore, newCommandId } from '@phancong/event-sourcing';
import { inMemoryReadModels, type Positions, type Projection } from '@phancong/read-models';
import { bookDecider, bookStream } from '../assignment-book.ts';
import { bookCodec } from '../book-event.ts';
import type { AssignInput, ChangeInput } from '../book-input.ts';
import { claimsIn } from '../claim.ts';
import { Desk } from '../desk.ts';
import { groupCodec, type GroupCommand, groupDecider, groupStream } from '../group.ts';
import { defaultPolicy } from '../policy.ts';
import { settling } from '../processes.ts';
import { publish } from '../published.ts';
import { holders, register } from '../register/register.ts';
import { all, KnownMembers } from '../roster/known-members.ts';
import { roster } from '../roster/roster.ts';
import { memberId } from './example.ts';
import { publishMembership, tellTo } from './start-assignment.ts';

type Source = 'membership' | 'assignment';

/** The service on stores in memory, without HTTP and without a feed: the test decides who hears of what when. */
export function office() {
  const logs: Record<Source, { readonly store: EventStore; readonly publish: Publish }> = {
    membership: { store: inMemoryEventStore(), publish: publishMembership },
    assignment: { store: inMemoryEventStore(), publish },
  };
  const { store } = logs.assignment;
  const readModels = inMemoryReadModels();
  const policy = { ...defaultPolicy, maxAssignments: 100 };
  const books = commandHandler(store, bookDecider, bookCodec);
  const groups = commandHandler(store, groupDecider, groupCodec);
  const claims = claimsIn(store);
  const members = new KnownMembers(readModels.reader(roster));
  const registered = readModels.reader(register);
  const memberOf = async (id: AssignmentId) => (await registered.get(holders, id))?.member;
  const desk = new Desk({ books, groups, claims, members, policy, memberOf });

  /** At most so many events of the log. */
  const hear = async (projection: Projection, source: Source, count = Infinity): Promise<number> => {
    const { [source]: after = 0 } = await readModels.positions(projection);
    const { store: log, publish: told } = logs[source];
    const events = await log.readAll(after, Math.min(count, 10_000));
    const messages = events.flatMap((event): Message[] => {
      const message = told(event);
      return message ? [message] : [];
    });
    const through = events.at(-1)?.position ?? after;
    if (through > after) await readModels.commit(projection, source, through, (s) => projection.apply(messages, s));
    return events.length;
  };
  const readers: readonly (readonly [Projection, Source])[] = [
    [roster, 'membership'],
    [register, 'assignment'],
  ];
  const caughtUp = async (to: Positions): Promise<void> => {
    for (const [projection, source] of readers) {
      const { [source]: there = 0 } = await readModels.positions(projection);
      const { [source]: wanted = 0 } = to;
      if (wanted > there) await hear(projection, source, wanted - there);
    }
  };
  const process = settling({
    ...{ books, groups, members, desk, policy, caughtUp },
    holdersOf: async (group) =>
      (await all(registered, holders, { index: 'by-group', equals: [group] })).map(({ doc }) => doc.member),
  });

  return {
    store,
    desk,
    tell: (...facts: readonly (OrganisationFact | MemberFact)[]) => tellTo(logs.membership.store, facts),
    form: (command: GroupCommand) => groups.handle(groupStream(command.group), command, given()),
    assign: (input: AssignInput) => desk.assign(input, given()),
    change: (input: ChangeInput) => desk.change(input, given()),
    /** The read models hear of so many events. */
    read: (source: Source, count?: number) => hear(source === 'membership' ? roster : register, source, count),
    /** The process hears of so many events; its read models have heard of them first. */
    settle: (source: Source, count?: number) => hear(process, source, count),
    /** Everyone hears of everything, and of what follows. */
    async settleAll(): Promise<void> {
      let heard: number;
      do {
        heard = (await hear(process, 'membership')) + (await hear(process, 'assignment'));
      } while (heard > 0);
    },
    /** How far the service knows of what membership told. */
    heard: async () => (await readModels.positions(roster)).membership ?? 0,
    assignments: async (member: string) => (await books.load(bookStream(memberId(member)))).state.assignments,
  };
}

const given = () => ({ by: 'lan', command: newCommandId() });
