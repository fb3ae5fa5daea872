import { ServiceName } from '@phancong/contracts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figuresOf } from '../figures-table.ts';
import { openStandalone, type Standalone } from '../standalone.ts';
import type { DemoLedger } from './demo-plan.ts';
import { readDemoProgress } from './demo-progress.ts';
import { loadDemo } from './load-demo.ts';
import { loaderClock } from './loader-clock.ts';
import { targetsOf } from './targets.ts';

const SCALE = 0.02;

/** The real services on files, as `phancong start` runs them. */
async function withServices<Result>(
  dataDir: string,
  work: (standalone: Standalone, load: (requests: number) => Promise<DemoLedger>) => Promise<Result>,
): Promise<Result> {
  const clock = loaderClock(readDemoProgress(dataDir)?.recordedAt);
  const timeZone = 'Asia/Ho_Chi_Minh';
  const standalone = await openStandalone({ dataDir, timeZone, clock: clock.clock, logger: false });
  const { reportingFeed, send } = standalone;
  const load = (requests: number) => {
    let left = requests;
    reportingFeed.hold();
    return loadDemo({
      ...{ dataDir, clock, scale: SCALE },
      send: ({ path, body, idempotencyKey }) => {
        left -= 1;
        if (left < 0) throw new Error('interrupted');
        return send('POST', path, body, { 'idempotency-key': idempotencyKey });
      },
      settle: () => standalone.settled(ServiceName.options),
      async settleAll() {
        reportingFeed.release();
        await standalone.settled();
        reportingFeed.hold();
      },
    }).finally(() => reportingFeed.release());
  };
  try {
    return await work(standalone, load);
  } finally {
    await standalone.close();
  }
}

describe('the demo, loaded through the services', () => {
  let dataDir: string;
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'demo-'))));
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('is never refused, and the services answer what the plan counted, also after an interruption', async () => {
    await withServices(dataDir, (_, load) => expect(load(700)).rejects.toThrow('interrupted'));
    await withServices(dataDir, async (standalone, load) => {
      const ledger = await load(Number.POSITIVE_INFINITY);
      const get = async (path: string): Promise<unknown> => JSON.parse((await standalone.send('GET', path)).body);
      const tenYears = { organisation: 'dbk', from: '2004-01-01', asOf: '2014-12-31' };
      const { coverage, results } = await figuresOf(get, tenYears);
      const { due, assigned, selfRegistered, ...deeds } = ledger;
      expect(coverage).toMatchObject({ due, assigned, selfRegistered });
      expect(results).toMatchObject(deeds);
      expect(ledger).toMatchObject(targetsOf(SCALE));
    });
  }, 240_000);
});
