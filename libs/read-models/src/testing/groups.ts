import { GroupId, Message, type ServiceName } from '@phancong/contracts';
import { Day, EventId, Instant, commandIdFrom } from '@phancong/event-sourcing';
import { z } from 'zod';
import type { Projection, ReadModel } from '../read-models.ts';

const Value = z.union([z.number(), z.string(), z.null()]);

/** A group of people to be reached, as the specs need it. */
export const GroupDocument = z.object({
  name: z.string(),
  headcount: z.number(),
  organisation: z.string().optional(),
  /** Anything that an index may hold. */
  rank: Value.optional(),
});
export type GroupDocument = z.infer<typeof GroupDocument>;

export const groups: ReadModel<GroupDocument> = {
  name: 'groups',
  schema: GroupDocument,
  indexes: {
    byHeadcount: ({ headcount }) => [headcount],
    byOrganisation: ({ organisation, headcount, name }) =>
      organisation === undefined ? undefined : [organisation, headcount, name],
    byRank: ({ rank }) => (rank === undefined ? undefined : [rank]),
  },
};

export const Tally = z.object({ groups: z.number() });
export type Tally = z.infer<typeof Tally>;

export const tallies: ReadModel<Tally> = { name: 'tallies', schema: Tally, indexes: {} };

/** A set of both models; its documents are written by the specs themselves. */
export const groupsProjection = (changed: Partial<Projection> = {}): Projection => ({
  name: 'groups',
  version: 1,
  models: [groups, tallies],
  sources: ['assignment', 'membership'],
  apply: async () => undefined,
  ...changed,
});

export const group = (name: string, headcount: number, more: Partial<GroupDocument> = {}): GroupDocument => ({
  name,
  headcount,
  ...more,
});

/** A recount of a group, as assignment publishes it. */
export const recounted = (id: string, revision: number, headcount: number, position = revision + 1): Message =>
  Message.parse({
    id: EventId.parse(commandIdFrom('recount', id, String(revision))),
    source: 'assignment' satisfies ServiceName,
    key: `group-${id}`,
    revision,
    position,
    recordedAt: Instant.parse('2014-06-30T03:00:00.000Z'),
    by: 'officer',
    occurredAt: Day.parse('2014-06-30'),
    type: 'GroupRecounted',
    group: GroupId.parse(id),
    headcount,
  });
