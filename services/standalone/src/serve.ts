import { policyIn } from '@phancong/assignment';
import { ServiceName } from '@phancong/contracts';
import { PinoLogger } from '@phancong/nest';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { dataFolder, makeDataFolder } from './data-folder.ts';
import { readDemoProgress } from './demo/demo-progress.ts';
import { loadDemo } from './demo/load-demo.ts';
import { type LoaderClock, loaderClock } from './demo/loader-clock.ts';
import { settings } from './environment.ts';
import { figuresOf, figuresTable } from './figures-table.ts';
import { progressBar } from './progress-bar.ts';
import { say, sayDay } from './say.ts';
import { openStandalone, type Standalone } from './standalone.ts';

/** The demo's bloc, whose figures are printed at start. */
const BLOC = 'dbk';

export interface ServeOptions {
  /** Loads no demo into a new data folder. */
  readonly empty?: true;
  /** Prints the figures as JSON. */
  readonly json?: true;
}

/** Runs the four services until the process is told to stop. */
export async function serve({ empty, json }: ServeOptions): Promise<void> {
  // V8 else lets the heap grow to four times what is alive, and a load that needs 150 MB takes 900.
  setFlagsFromString('--heap-growing-percent=30');
  const dataDir = dataFolder();
  const { PORT, TIME_ZONE: timeZone, LOG_LEVEL: level, POLICY_FILE: policy } = settings();
  const rules = policyIn(policy);
  makeDataFolder(dataDir);
  const demo = readDemoProgress(dataDir);
  const clock = loaderClock(demo?.done === false ? demo.recordedAt : undefined);
  const standalone = await openStandalone({
    dataDir,
    timeZone,
    policy: rules,
    clock: clock.clock,
    logger: new PinoLogger({ level }),
  });
  try {
    await portIsFree(PORT);
    const wanted = demo !== undefined || (empty !== true && (await standalone.isEmpty()));
    if (wanted && demo?.done !== true) await load(standalone, dataDir, clock);
    const get = async (path: string): Promise<unknown> => JSON.parse((await standalone.send('GET', path)).body);
    const tenYears = { organisation: BLOC, from: '2004-01-01', asOf: '2014-12-31' };
    const figures = wanted ? await figuresOf(get, tenYears) : undefined;
    const url = await standalone.listen(PORT);
    const stopped = toldToStop();
    if (json) console.log(JSON.stringify({ ...figures, api: url, docs: `${url}/docs` }));
    else {
      if (figures) console.log(figuresTable(figures));
      console.log(`${say('Tài liệu API', 'API documentation')}: ${url}/docs`);
      if (wanted)
        console.log(
          `${say('Tỉ lệ phân công', 'Coverage')}: ${url}/reporting/coverage?organisation=${BLOC}&asOf=2014-12-31`,
        );
    }
    console.log(`ready ${url}`);
    await stopped;
  } finally {
    await standalone.close();
  }
}

/** To be known before the demo is loaded, which takes minutes. @throws EADDRINUSE | EACCES */
async function portIsFree(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

async function load(standalone: Standalone, dataDir: string, clock: LoaderClock): Promise<void> {
  const { reportingFeed } = standalone;
  const bar = progressBar(say('Nạp dữ liệu mẫu', 'Loading the demo'));
  reportingFeed.hold();
  try {
    await loadDemo({
      dataDir,
      clock,
      send: ({ path, body, idempotencyKey }) =>
        standalone.send('POST', path, body, { 'idempotency-key': idempotencyKey }),
      settle: () => standalone.settled(ServiceName.options),
      settleAll: () =>
        bar.during(say('đang hoàn tất số liệu', 'bringing the figures up to date'), async () => {
          reportingFeed.release();
          await standalone.settled();
          reportingFeed.hold();
        }),
      onProgress: (part, recordedAt) => bar.at(part, sayDay(recordedAt.slice(0, 7))),
    });
    bar.done();
  } finally {
    reportingFeed.release();
    bar.end();
  }
}

const toldToStop = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
