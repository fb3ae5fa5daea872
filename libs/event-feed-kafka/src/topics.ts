import { ServiceName } from '@phancong/contracts';

/** What a topic is made with. */
export interface TopicDeclaration {
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
  /** By Kafka's own names. */
  readonly config: Readonly<Record<string, string>>;
}

export interface TopicTerms {
  /** What all names begin with; lets several installations share a cluster. */
  readonly prefix?: string;
  /** Of the messages of one service. Fixed once the topic is made: a stream must stay in its partition. */
  readonly partitions?: number;
  /** Copies of each partition; with more than one, a message counts when it stands in two of them. */
  readonly replication?: number;
}

/** The names and declarations of all topics. */
export interface Topics {
  readonly messages: (service: ServiceName) => string;
  /** How far a service's log has been relayed. */
  readonly watermarks: (service: ServiceName) => string;
  readonly deadLetters: (service: ServiceName) => string;
  /** How far each reader has come. */
  readonly progress: string;
  /** Carries no messages: its partitions stand for shares of the readers. */
  readonly shares: string;
  readonly partitions: number;
  readonly declared: readonly TopicDeclaration[];
}

/** More than there are copies of one service. */
export const SHARES = 32;

const FOR_EVER = { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' };
const LATEST_OF_EACH_KEY = { 'cleanup.policy': 'compact' };
/** An event store takes up to 16 MiB an append, and a message is not much larger than its event. */
const LARGE = { 'max.message.bytes': String(17 * 1024 * 1024) };

/** Every topic there is, declared in this one place. */
export function topicsOf({ prefix = 'phancong', partitions = 3, replication = 3 }: TopicTerms = {}): Topics {
  const messages = (service: ServiceName) => `${prefix}.${service}`;
  const watermarks = (service: ServiceName) => `${messages(service)}.watermarks`;
  const deadLetters = (service: ServiceName) => `${messages(service)}.dead-letter`;
  const progress = `${prefix}.progress`;
  const shares = `${prefix}.shares`;
  const safe = { 'min.insync.replicas': String(Math.min(2, replication)) };
  const declare = (topic: string, count: number, config: Readonly<Record<string, string>>): TopicDeclaration => ({
    topic,
    partitions: count,
    replication,
    config: { ...config, ...safe },
  });
  return {
    messages,
    watermarks,
    deadLetters,
    progress,
    shares,
    partitions,
    declared: [
      ...ServiceName.options.flatMap((service) => [
        declare(messages(service), partitions, { ...FOR_EVER, ...LARGE }),
        declare(watermarks(service), 1, LATEST_OF_EACH_KEY),
        declare(deadLetters(service), 1, LATEST_OF_EACH_KEY),
      ]),
      declare(progress, 1, LATEST_OF_EACH_KEY),
      declare(shares, SHARES, { 'cleanup.policy': 'delete', 'retention.ms': '3600000' }),
    ],
  };
}
