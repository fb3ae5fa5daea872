import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { dropTopics, kafkaBrokers, makeTopics, newTopics, recordsOf, until } from './testing/kafka-server.ts';
import type { Topics } from './topics.ts';

jest.setTimeout(120_000);

const COUNT = 3_000;

describe('relays in processes of their own', () => {
  let topics: Topics;
  let processes: ChildProcess[];
  beforeEach(async () => {
    processes = [];
    topics = newTopics();
    await makeTopics(topics);
  });
  afterEach(async () => {
    for (const each of processes) {
      if (each.exitCode !== null || each.signalCode !== null) continue;
      const exit = once(each, 'exit');
      each.kill('SIGKILL');
      await exit;
    }
    await dropTopics(topics);
  });

  const start = () => {
    const program = ['run-typescript.cjs', 'relay-process.ts'].map((name) => join(__dirname, 'testing', name));
    const prefix = topics.messages('assignment').split('.')[0] ?? '';
    const options = ['--conditions=@phancong/source', ...program, kafkaBrokers().join(), prefix, String(COUNT)];
    const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
    processes.push(child);
    const said: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
    return {
      child,
      said,
      relayed: () => Number(said.findLast((line) => line.startsWith('relayed'))?.split(' ')[1] ?? 0),
    };
  };
  const each = Array.from({ length: COUNT }, (_, at) => at + 1);
  const positions = async () => {
    const records = await recordsOf(topics.messages('assignment'));
    for (const partition of [0, 1, 2]) {
      const own = records
        .filter((record) => record.partition === partition)
        .map(({ headers }) => Number(headers['position']));
      expect(own).toEqual(own.toSorted((a, b) => a - b));
    }
    return records.map(({ headers }) => Number(headers['position'])).toSorted((a, b) => a - b);
  };

  test('one that is stopped in the middle and wakes after another has taken over spoils nothing', async () => {
    const first = start();
    await until(() => first.relayed() >= 300);
    first.child.kill('SIGSTOP');
    const frozen = first.relayed();
    const second = start();
    await until(() => second.relayed() >= frozen + 500);
    first.child.kill('SIGCONT');
    await until(() => second.relayed() >= COUNT);
    await until(() => first.relayed() >= COUNT);
    expect(first.said.some((line) => line.startsWith('failed'))).toBe(true);
    expect(await positions()).toEqual(each);
  });

  test('one that is killed at any moment is followed by another without a gap or a repeat', async () => {
    for (const enough of [200, 700, 1_400]) {
      const running = start();
      await until(() => running.relayed() >= enough);
      const exit = once(running.child, 'exit');
      running.child.kill('SIGKILL');
      await exit;
    }
    const last = start();
    await until(() => last.relayed() >= COUNT);
    expect(await positions()).toEqual(each);
  });
});
