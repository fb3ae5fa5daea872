import { Kafka, type KafkaConfig, logLevel } from 'kafkajs';

export interface KafkaClientOptions {
  /** As `host:port`. */
  readonly brokers: readonly string[];
  /** Names this process in Kafka's own logs and quotas. */
  readonly clientId: string;
  /** TLS, sign-in, sockets of one's own: as kafkajs takes them. */
  readonly more?: Pick<KafkaConfig, 'ssl' | 'sasl' | 'socketFactory'>;
  /** Lines that kafkajs logs from `warn` on. Most tell of something that is tried again; what matters is reported elsewhere, too. */
  readonly onLog?: (level: 'error' | 'warn', message: string, details: object) => void;
}

/** A client that comes back soon after Kafka does: kafkajs alone would pause up to half a minute between tries. */
export const kafkaClient = ({ brokers, clientId, more = {}, onLog = () => undefined }: KafkaClientOptions): Kafka =>
  new Kafka({
    ...more,
    clientId,
    brokers: [...brokers],
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 8 },
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ level, log: { message, ...details } }) =>
        onLog(level === logLevel.ERROR ? 'error' : 'warn', message, details),
  });
