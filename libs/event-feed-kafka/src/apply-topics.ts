import { setTimeout } from 'node:timers/promises';
import kafkajs, { type Admin, type ITopicMetadata } from 'kafkajs';
import type { TopicDeclaration, Topics } from './topics.ts';

/** Where a topic differed from its declaration. */
export interface Difference {
  /** `partitions`, `replication`, or Kafka's name of a setting. */
  readonly what: string;
  readonly declared: string;
  readonly found: string;
}

export interface AppliedTopic {
  readonly topic: string;
  /** `differs`: in what only an operator can change, such as the replication of a topic that exists. */
  readonly outcome: 'made' | 'unchanged' | 'changed' | 'differs';
  readonly differences: readonly Difference[];
}

/** A topic has another number of partitions than declared: changing it would tear streams apart. Nothing was changed. */
export class PartitionsDiffer extends Error {
  override readonly name = 'PartitionsDiffer';
  constructor(
    readonly topic: string,
    readonly declared: number,
    readonly found: number,
  ) {
    super(`topic ${topic} has ${found} partitions and not ${declared}: declare ${found}, or move to other topics`);
  }
}

/** What of a topic's settings was set for it, by whomever; not the broker's defaults. */
const SET_FOR_TOPIC = 1;

/** Brokers hear of new topics within moments. */
const WITHIN_MS = 30_000;

const structure = (declared: TopicDeclaration, { partitions }: ITopicMetadata): readonly Difference[] => {
  const replication = Math.min(...partitions.map(({ replicas }) => replicas.length));
  if (partitions.length !== declared.partitions)
    throw new PartitionsDiffer(declared.topic, declared.partitions, partitions.length);
  return replication === declared.replication
    ? []
    : [{ what: 'replication', declared: String(declared.replication), found: String(replication) }];
};

/**
 * Makes the topics that are missing, and gives those that exist the settings declared. Others' settings stay. Made only by
 * command: no client of this package lets Kafka make a topic by itself.
 * @throws PartitionsDiffer before anything is changed
 */
export async function applyTopics(
  admin: Admin,
  { declared }: Pick<Topics, 'declared'>,
): Promise<readonly AppliedTopic[]> {
  const existing = new Set(await admin.listTopics());
  const there = declared.filter(({ topic }) => existing.has(topic));
  const missing = declared.filter(({ topic }) => !existing.has(topic));
  const { topics: found } =
    there.length > 0 ? await admin.fetchTopicMetadata({ topics: there.map(({ topic }) => topic) }) : { topics: [] };

  const unlike = new Map<string, readonly Difference[]>();
  for (const each of there) {
    const metadata = found.find(({ name }) => name === each.topic);
    if (metadata) unlike.set(each.topic, structure(each, metadata));
  }

  if (missing.length > 0)
    await admin.createTopics({
      // That would fail where the brokers learn of new topics a little later (KRaft).
      waitForLeaders: false,
      topics: missing.map(({ topic, partitions, replication, config }) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: replication,
        configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
      })),
    });
  await whenThere(
    admin,
    missing.map(({ topic }) => topic),
  );

  const outcomes: AppliedTopic[] = missing.map(({ topic }) => ({ topic, outcome: 'made', differences: [] }));
  for (const each of there) {
    const settings = await settle(admin, each);
    const lasting = unlike.get(each.topic) ?? [];
    const outcome = lasting.length > 0 ? 'differs' : settings.length > 0 ? 'changed' : 'unchanged';
    outcomes.push({ topic: each.topic, outcome, differences: [...lasting, ...settings] });
  }
  return outcomes;
}

/** Until the topics have been heard of and have leaders. */
async function whenThere(admin: Admin, topics: readonly string[]): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  const led = async (): Promise<boolean> => {
    const known = new Set(await admin.listTopics());
    if (!topics.every((topic) => known.has(topic))) return false;
    const { topics: found } = await admin.fetchTopicMetadata({ topics: [...topics] });
    return found.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0));
  };
  while (topics.length > 0 && !(await led())) {
    if (Date.now() > deadline) throw new Error(`topics were made, but have no leaders yet: ${topics.join(', ')}`);
    await setTimeout(50);
  }
}

/** Gives a topic the settings declared. @returns where they were others */
async function settle(admin: Admin, { topic, config }: TopicDeclaration): Promise<readonly Difference[]> {
  const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic };
  const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false });
  const entries = resources.flatMap(({ configEntries }) => configEntries);
  const differences = Object.entries(config).flatMap(([what, declared]) => {
    const found = entries.find(({ configName }) => configName === what)?.configValue ?? '';
    return found === declared ? [] : [{ what, declared, found }];
  });
  if (differences.length === 0) return [];
  // The request replaces everything that was set for the topic: what others have set goes along.
  const others = entries.flatMap(({ configName, configValue, configSource }) =>
    Number(configSource) === SET_FOR_TOPIC && !(configName in config) ? [[configName, configValue] as const] : [],
  );
  const configEntries = [...others, ...Object.entries(config)].map(([name, value]) => ({ name, value }));
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
  return differences;
}
