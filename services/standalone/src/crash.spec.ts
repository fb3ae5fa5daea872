import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { answersOf, coverageOn, expectRecounted, rebuilt, resultsBy, tryToRebuild } from './testing/answers.ts';
import { BLOC, ground, outcome, story, tell } from './testing/committee.ts';
import { type Answer, type Import, type Keyed, post } from './testing/keyed-client.ts';
import { type Logs, logsIn } from './testing/logs.ts';
import { randomFrom } from './testing/random.ts';
import { killWhileStarting, type RunningProcess, startProcess } from './testing/running-process.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 4);
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);
/** Told side by side, in each round. */
const STORIES = 12;

const Answered = z.object({ position: z.string(), revision: z.int().optional() });

/** By name: `fetch` throws the TypeError of Node's realm, not of Jest's. */
const isNetworkError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError';

describe('a process that is killed under load', () => {
  const acknowledged = new Map<Keyed | Import, Answer>();
  let dataDir = '';
  let server: RunningProcess | undefined;

  beforeEach(() => {
    acknowledged.clear();
    dataDir = mkdtempSync(join(tmpdir(), 'phancong-crash-'));
  });
  afterEach(async () => {
    await server?.kill();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Acknowledged answers whose event does not stand in the log where they say. */
  const whatIsMissing = ({ events }: Logs): readonly string[] =>
    [...acknowledged.values()].flatMap(({ body }) => {
      const { data } = Answered.safeParse(JSON.parse(body));
      const [source, position] = data?.position.split('-') ?? [];
      if (source !== 'membership' && source !== 'assignment' && source !== 'activity') return [];
      const event = events[source][Number(position) - 1];
      const ofTree = event?.stream === 'organisations';
      const there = event && (data?.revision === undefined || ofTree || event.revision === data.revision);
      return there ? [] : [body];
    });

  /** Sends the stories side by side until the process is gone. */
  const toldUntilKilled = async (url: string, stories: readonly (readonly (Keyed | Import)[])[]): Promise<void> => {
    const cuts = await Promise.allSettled(stories.map((each) => tell(url, each, acknowledged)));
    for (const cut of cuts) {
      // A request that the crash cut off fails as a network error; anything else is an answer that should not have come.
      if (cut.status === 'rejected' && !isNetworkError(cut.reason)) throw cut.reason;
    }
  };

  it(
    `loses nothing acknowledged, does nothing twice, and counts as a rebuild does, ${ROUNDS} times over (CRASH_SEED=${SEED})`,
    async () => {
      const random = randomFrom(SEED);
      const restarted = async (): Promise<RunningProcess> => {
        // While it starts it reads its logs again and brings its read models up to them: killed there, too.
        while (random() < 0.4) await killWhileStarting(dataDir, random() * 900, '--empty');
        server = await startProcess(dataDir, '--empty');
        return server;
      };
      let running = await restarted();
      await tell(running.url, ground, acknowledged);

      for (let round = 0; round < ROUNDS; round += 1) {
        const stories = Array.from({ length: STORIES }, (_, index) => story(String(1000 + round * STORIES + index)));
        // Cut off again and again, each time at another point of what is left to tell.
        do {
          let told = false;
          const telling = toldUntilKilled(running.url, stories).finally(() => (told = true));
          // By what is acknowledged, so that all of the load is reached on a machine of any speed.
          const left = stories.flat().filter((request) => !acknowledged.has(request)).length;
          const until = acknowledged.size + random() * left;
          while (!told && acknowledged.size < until) await wait(1);
          await wait(random() * 20);
          await running.kill();
          await telling;
          running = await restarted();
          expect(whatIsMissing(await logsIn(dataDir))).toEqual([]);
        } while (random() < 0.4);
        for (const [request, answer] of acknowledged) {
          if (random() < 0.1) expect(await post(running.url, request)).toEqual(answer);
        }
        await Promise.all(stories.map((each) => tell(running.url, each, acknowledged)));
        if (random() < 0.5) {
          const cutOff = tryToRebuild(running.url).catch((error: unknown) => error);
          await wait(random() * 150);
          await running.kill();
          await cutOff;
          running = await restarted();
        }

        const times = (round + 1) * STORIES;
        const logs = await logsIn(dataDir);
        const happened: Record<string, number> = {};
        for (const { type } of logs.messages) if (type in outcome) happened[type] = (happened[type] ?? 0) + 1;
        const expected = Object.entries(outcome).map(([type, each]) => [type, each * times]);
        expect(happened).toEqual(Object.fromEntries(expected));
        const answers = await answersOf(running.url, BLOC, logs.position);
        expect(answers).toMatchObject({
          [coverageOn(BLOC, '2014-04-30')]: { due: 4 * times, assigned: 2 * times, selfRegistered: 0 },
          [coverageOn(BLOC, '2014-12-31')]: { due: 4 * times, assigned: times, selfRegistered: times },
          [resultsBy(BLOC, 'organisation')]: {
            ...{ savings: times * 1_000_000, bloodDonations: times, activities: 2 * times },
            ...{ introduced: times, trained: times, admitted: times },
          },
        });
        expectRecounted(answers, BLOC, logs);
        await rebuilt(running.url);
        expect(await answersOf(running.url, BLOC, logs.position)).toEqual(answers);
      }
    },
    60_000 + ROUNDS * 60_000,
  );
});
