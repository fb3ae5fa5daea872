import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { applyTopics } from '../apply-topics.ts';
import { type Topics, topicsOf } from '../topics.ts';

/** The brokers that KAFKA_BROKERS names. @throws without it: the specs that need them do not run by themselves */
export function kafkaBrokers(): string[] {
  const brokers = process.env['KAFKA_BROKERS'];
  if (!brokers) throw new Error('KAFKA_BROKERS is not set: name a Kafka where the specs may make and delete topics');
  return brokers.split(',');
}

/** A client that says nothing: what matters is thrown or reported. */
export const kafkaClient = (clientId = 'spec'): Kafka =>
  new Kafka({ clientId, brokers: kafkaBrokers(), logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50 } });

export async function asAdmin<Result>(task: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = kafkaClient().admin();
  await admin.connect();
  try {
    return await task(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Topics of one spec alone. */
export const newTopics = (partitions = 3): Topics =>
  topicsOf({ prefix: `spec-${randomUUID().slice(0, 8)}`, partitions, replication: 1 });

export const makeTopics = (topics: Topics): Promise<unknown> => asAdmin((admin) => applyTopics(admin, topics));

/** Until a question is answered by yes: brokers hear of changes within moments. */
export async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await setTimeout(20);
}

/** Resolves once nobody hears of them any more. */
export const dropTopics = (topics: Topics, only = topics.declared.map(({ topic }) => topic)): Promise<void> =>
  asAdmin(async (admin) => {
    const there = async () => (await admin.listTopics()).filter((topic) => only.includes(topic));
    await admin.deleteTopics({ topics: await there() });
    await until(async () => (await there()).length === 0);
  });
