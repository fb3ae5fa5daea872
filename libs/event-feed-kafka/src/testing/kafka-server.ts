import { exec } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Admin, EachMessageHandler, ISocketFactory, Kafka } from 'kafkajs';
import { applyTopics } from '../apply-topics.ts';
import { kafkaClient } from '../kafka-client.ts';
import { type Topics, topicsOf } from '../topics.ts';

/** The brokers that KAFKA_BROKERS names. @throws without it: the specs that need them do not run by themselves */
export function kafkaBrokers(): string[] {
  const brokers = process.env['KAFKA_BROKERS'];
  if (!brokers) throw new Error('KAFKA_BROKERS is not set: name a Kafka where the specs may make and delete topics');
  return brokers.split(',');
}

export const client = (clientId = 'spec'): Kafka => kafkaClient({ clientId, brokers: kafkaBrokers() });

export async function asAdmin<Result>(task: (admin: Admin) => Promise<Result>): Promise<Result> {
  const admin = client().admin();
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

/** Resolves once every partition answers: a broker may hear that it leads one a little later than others do. */
export const makeTopics = (topics: Topics): Promise<void> =>
  asAdmin(async (admin) => {
    const made = await applyTopics(admin, topics);
    for (const { topic } of made)
      await until(() =>
        admin.fetchTopicOffsets(topic).then(
          () => true,
          () => false,
        ),
      );
  });

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

export interface SeenRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** What another client sees of a topic: all that is committed now, each partition in order. */
export async function recordsOf(topic: string): Promise<readonly SeenRecord[]> {
  const ends = await asAdmin((admin) => admin.fetchTopicOffsets(topic));
  const left = new Map(ends.filter(({ high }) => high !== '0').map(({ partition, high }) => [partition, Number(high)]));
  const seen: SeenRecord[] = [];
  if (left.size === 0) return seen;
  const consumer = client().consumer({ groupId: `spec-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const passed = (partition: number, lastOffset: number) => {
      if (lastOffset + 1 >= (left.get(partition) ?? 0)) left.delete(partition);
      if (left.size === 0) resolve();
    };
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) =>
      passed(payload.partition, Number(payload.lastOffset)),
    );
    const eachMessage: EachMessageHandler = async ({ partition, message }) => {
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
      seen.push({
        partition,
        offset: Number(message.offset),
        key: message.key?.toString() ?? null,
        value: message.value?.toString() ?? null,
        headers: Object.fromEntries(headers),
      });
    };
    consumer.run({ autoCommit: false, eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return seen.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** A client whose links can be cut: then nothing reaches Kafka until they are mended. */
export function cuttableClient(clientId = 'spec'): { kafka: Kafka; cut: () => void; mend: () => void } {
  const links = new Set<Socket>();
  let broken = false;
  const socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host, port }, onConnect);
    if (broken) socket.destroy(new Error('the link is cut'));
    links.add(socket);
    socket.once('close', () => links.delete(socket));
    return socket;
  };
  const kafka = kafkaClient({ clientId, brokers: kafkaBrokers(), more: { socketFactory } });
  return {
    kafka,
    cut() {
      broken = true;
      for (const link of links) link.destroy(new Error('the link is cut'));
    },
    mend() {
      broken = false;
    },
  };
}

/** Runs what a variable names as a shell command: how this Kafka is killed and started. */
export async function command(name: 'KAFKA_KILL' | 'KAFKA_START'): Promise<void> {
  const line = process.env[name];
  if (!line) throw new Error(`${name} is not set: name the command`);
  await promisify(exec)(line);
}
