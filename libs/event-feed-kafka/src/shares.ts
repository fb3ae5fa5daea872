import { createHash } from 'node:crypto';
import { type Assigner, AssignerProtocol, type Kafka, type PartitionAssigner } from 'kafkajs';
import { SteadyConsumer } from './steady-consumer.ts';
import { SHARES, type Topics } from './topics.ts';

export interface Shares {
  /**
   * Tells at once, and then whenever it changes, whether the reader is delivered to in this copy of the service.
   * Returns what ends that.
   */
  watch(reader: string, listener: (mine: boolean) => void): () => void;
  trouble(): string | undefined;
  leave(): Promise<void>;
}

/** The same in every copy, whatever readers it knows of. */
export const shareOf = (reader: string): number => createHash('sha256').update(reader).digest().readUInt32BE() % SHARES;

interface Member {
  readonly memberId: string;
  /** Shares that the member has readers of, and those that it had before. */
  readonly wanted: readonly number[];
  readonly had: readonly number[];
}

/**
 * Gives every share to one member. Those that readers fall into are spread evenly, and stay where they were as far as that
 * allows; nobody reads the others.
 */
export function spread(members: readonly Member[], shares = SHARES): ReadonlyMap<string, readonly number[]> {
  const sorted = members.toSorted((one, other) => (one.memberId < other.memberId ? -1 : 1));
  const given = new Map<string, number[]>(sorted.map(({ memberId }) => [memberId, []]));
  const all = Array.from({ length: shares }, (_, share) => share);
  const used = new Set(members.flatMap(({ wanted }) => wanted));
  const assign = (some: readonly number[]): void => {
    const most = Math.ceil(some.length / sorted.length);
    const counts = new Map<string, number>();
    const give = (memberId: string, share: number) => {
      given.get(memberId)?.push(share);
      counts.set(memberId, (counts.get(memberId) ?? 0) + 1);
    };
    const left = some.filter((share) => {
      const owner = sorted.find(({ memberId, had }) => had.includes(share) && (counts.get(memberId) ?? 0) < most);
      if (owner) give(owner.memberId, share);
      return !owner;
    });
    for (const share of left) {
      const [least] = sorted.toSorted(
        (one, other) => (counts.get(one.memberId) ?? 0) - (counts.get(other.memberId) ?? 0),
      );
      if (least) give(least.memberId, share);
    }
  };
  assign(all.filter((share) => used.has(share)));
  assign(all.filter((share) => !used.has(share)));
  return given;
}

const listed = (text: string): readonly number[] => text.split(',').filter(Boolean).map(Number);

const assigner =
  (topic: string, wanted: () => readonly number[], had: () => readonly number[]): PartitionAssigner =>
  (): Assigner => ({
    name: 'PhancongShares',
    version: 1,
    protocol: ({ topics }) => ({
      name: 'PhancongShares',
      metadata: AssignerProtocol.MemberMetadata.encode({
        version: 1,
        topics,
        userData: Buffer.from(`${wanted().join()};${had().join()}`),
      }),
    }),
    async assign({ members }) {
      const told = members.map(({ memberId, memberMetadata }): Member => {
        const [wants = '', held = ''] = (AssignerProtocol.MemberMetadata.decode(memberMetadata)?.userData ?? '')
          .toString()
          .split(';');
        return { memberId, wanted: listed(wants), had: listed(held) };
      });
      return [...spread(told)].map(([memberId, partitions]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: 1,
          assignment: { [topic]: [...partitions] },
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });

/**
 * Shares the readers of a service among its copies: a group on a topic without messages, whose partitions stand for the
 * shares. For a moment two copies may hold one share: what they write is guarded by positions, so that does no harm.
 */
export function joinShares({
  kafka,
  topics,
  service,
  onFailure,
}: {
  readonly kafka: Kafka;
  readonly topics: Topics;
  readonly service: string;
  readonly onFailure: (error: unknown) => void;
}): Shares {
  const watched = new Map<(mine: boolean) => void, number>();
  let mine: ReadonlySet<number> = new Set();

  const group = new SteadyConsumer({
    kafka,
    topic: topics.shares,
    config: {
      groupId: `${topics.shares}.${service}`,
      partitionAssigners: [
        assigner(
          topics.shares,
          () => [...new Set(watched.values())],
          () => [...mine],
        ),
      ],
      sessionTimeout: 10_000,
      rebalanceTimeout: 15_000,
      heartbeatInterval: 1_000,
      maxWaitTimeInMs: 500,
    },
    eachBatch: async () => undefined,
    onAssigned(partitions) {
      const before = mine;
      mine = new Set(partitions);
      for (const [listener, share] of watched) if (before.has(share) !== mine.has(share)) listener(mine.has(share));
    },
    onFailure,
  });

  return {
    watch(reader, listener) {
      const share = shareOf(reader);
      watched.set(listener, share);
      listener(mine.has(share));
      return () => watched.delete(listener);
    },
    trouble: () => group.trouble(),
    leave: () => group.stop(),
  };
}
