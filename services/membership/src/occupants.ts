import type { MemberId, OrganisationId } from '@phancong/contracts';
import { CandidateEvent } from './candidate-event.ts';
import type { CommandHandler, Day, EventStore, Position } from '@phancong/event-sourcing';
import type { Projection, ReadModels } from '@phancong/read-models';
import type { MemberCommand } from './member-command.ts';
import { MemberEvent, memberStream } from './member-event.ts';
import type { Member } from './member-state.ts';
import { rosterStays } from './roster/roster-documents.ts';

export interface OccupantsOptions {
  readonly store: EventStore;
  readonly readModels: ReadModels;
  readonly members: CommandHandler<Member | undefined, MemberCommand>;
  readonly roster: Projection;
  /** How far the log is in the roster, and every admitted candidate a member. */
  readonly reached: () => Promise<Position>;
}

const PAGE = 1_000;

/** Who is in the cell on the day or comes later, and who was admitted to it and is not a member yet. */
export type Occupants = (cell: OrganisationId, on: Day) => Promise<readonly MemberId[]>;

/**
 * Exact, though read models lag: who the roster knows of, and who the log after the roster tells of, are looked at
 * themselves.
 */
export function occupants(options: OccupantsOptions): Occupants {
  const { store, readModels, members, roster, reached } = options;

  const listed = async (cell: OrganisationId): Promise<readonly MemberId[]> => {
    const found: MemberId[] = [];
    let cursor: string | undefined;
    do {
      const query = { index: 'by-cell', equals: [cell], limit: PAGE, cursor };
      const page = await readModels.reader(roster).find(rosterStays, query);
      found.push(...page.items.map(({ doc }) => doc.member));
      cursor = page.next;
    } while (cursor !== undefined);
    return found;
  };

  const told = async (cell: OrganisationId, after: Position): Promise<readonly MemberId[]> => {
    const found: MemberId[] = [];
    for (let position = after; ; ) {
      const events = await store.readAll(position, PAGE);
      for (const { data, type, occurredAt } of events) {
        if (!data.includes(cell)) continue;
        const event = { ...JSON.parse(data), type, occurredAt };
        const member = MemberEvent.safeParse(event).data?.member;
        const admitted = CandidateEvent.safeParse(event).data;
        if (member !== undefined) found.push(member);
        if (admitted?.type === 'CandidateAdmitted' && admitted.cell === cell) found.push(admitted.member);
      }
      const last = events.at(-1);
      if (!last) return found;
      position = last.position;
    }
  };

  return async (cell, on) => {
    const named = [...(await told(cell, await reached())), ...(await listed(cell))];
    const there = await Promise.all(
      [...new Set(named)].map(async (member) => {
        const { state } = await members.load(memberStream(member));
        // Admitted as a candidate, and not a member yet.
        if (!state) return [member];
        const stays = state.life.stays.filter((stay) => stay.cell === cell);
        return stays.some(({ until }) => until === undefined || until > on) ? [member] : [];
      }),
    );
    return there.flat();
  };
}
