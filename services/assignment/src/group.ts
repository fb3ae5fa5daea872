import { GroupId, GroupKind, OrganisationId } from '@phancong/contracts';
import { Day, type Decider, eventCodec, Refusal, type Revision } from '@phancong/event-sourcing';
import { z } from 'zod';

const Headcount = z.int().nonnegative();

/** The life of a group of people to be reached. It is counted, never a list of people. */
export const GroupEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('GroupFormed'),
    occurredAt: Day,
    group: GroupId,
    code: z.string(),
    name: z.string(),
    kind: GroupKind,
    organisation: OrganisationId,
    workUnit: z.string().optional(),
    neighbourhood: z.string().optional(),
    headcount: Headcount,
  }),
  z.object({ type: z.literal('GroupRecounted'), occurredAt: Day, group: GroupId, headcount: Headcount }),
  z.object({ type: z.literal('GroupClosed'), occurredAt: Day, group: GroupId }),
]);
export type GroupEvent = z.infer<typeof GroupEvent>;
export const groupCodec = eventCodec(GroupEvent);

export interface Group {
  readonly group: GroupId;
  readonly code: string;
  readonly name: string;
  readonly kind: GroupKind;
  readonly organisation: OrganisationId;
  readonly workUnit?: string | undefined;
  readonly neighbourhood?: string | undefined;
  readonly from: Day;
  /** Each count holds from its day until the next one's. In order of days; the last written of one day holds. */
  readonly counts: readonly { readonly from: Day; readonly headcount: number; readonly revision: Revision }[];
  readonly closed?: { readonly on: Day; readonly revision: Revision } | undefined;
  readonly revision: Revision;
}

export type GroupCommand =
  | ({ readonly type: 'form'; readonly headcount: number; readonly from: Day } & Pick<
      Group,
      'group' | 'code' | 'name' | 'kind' | 'organisation' | 'workUnit' | 'neighbourhood'
    >)
  | { readonly type: 'recount'; readonly group: GroupId; readonly headcount: number; readonly on: Day }
  | { readonly type: 'close'; readonly group: GroupId; readonly on: Day };

export const groupStream = (group: GroupId): string => `group-${group}`;

export const groupOpenOn = ({ from, closed }: Group, day: Day): boolean =>
  from <= day && (closed === undefined || day < closed.on);

/** People in the group on the day; of a day before it was formed, those it was formed with. */
export const headcountOn = ({ counts }: Group, day: Day): number =>
  (counts.findLast(({ from }) => from <= day) ?? counts[0])?.headcount ?? 0;

const later = (type: GroupEvent['type'], occurredAt: Day, revision: Revision): Refusal =>
  new Refusal('conflict', 'conflicts-with-later-entry', { type, occurredAt, revision });

const inOrder = (counts: Group['counts']): Group['counts'] =>
  counts.toSorted((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));

function mustBeOpen({ group, from, closed }: Group, on: Day): void {
  if (on < from) throw new Refusal('conflict', 'group-not-open', { group, on });
  if (closed && closed.on <= on) throw new Refusal('conflict', 'group-closed', { group, on: closed.on });
}

export const groupDecider: Decider<Group | undefined, GroupCommand, GroupEvent> = {
  initialState: undefined,
  decide: (command, state) => {
    if (command.type === 'form') {
      if (state) throw new Refusal('conflict', 'already-exists', { id: command.group });
      const { group, code, name, kind, organisation, workUnit, neighbourhood, headcount, from } = command;
      const fields = { group, code, name, kind, organisation, workUnit, neighbourhood, headcount };
      return [{ type: 'GroupFormed', occurredAt: from, ...fields }];
    }
    const { group, on } = command;
    if (!state) throw new Refusal('not-found', 'group-not-found', { id: group });
    mustBeOpen(state, on);
    switch (command.type) {
      case 'recount':
        return [{ type: 'GroupRecounted', occurredAt: on, group, headcount: command.headcount }];
      case 'close': {
        if (state.closed) throw later('GroupClosed', state.closed.on, state.closed.revision);
        const after = state.counts.find(({ from }) => from > on);
        if (after) throw later('GroupRecounted', after.from, after.revision);
        return [{ type: 'GroupClosed', occurredAt: on, group }];
      }
    }
  },
  evolve: (state, event) => {
    const on = event.occurredAt;
    if (event.type === 'GroupFormed') {
      const { group, code, name, kind, organisation, workUnit, neighbourhood, headcount } = event;
      const fields = { group, code, name, kind, organisation, workUnit, neighbourhood };
      return { ...fields, from: on, counts: [{ from: on, headcount, revision: 0 }], revision: 0 };
    }
    if (!state) throw new Error(`group ${event.group}: ${event.type} before it was formed`);
    const revision = state.revision + 1;
    switch (event.type) {
      case 'GroupRecounted': {
        const { headcount } = event;
        return { ...state, counts: inOrder([...state.counts, { from: on, headcount, revision }]), revision };
      }
      case 'GroupClosed':
        return { ...state, closed: { on, revision }, revision };
    }
  },
};
