import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoPlan } from './demo-plan.ts';
import { readDemoProgress } from './demo-progress.ts';
import { DemoRefused, loadDemo, type LoadDemo, type Sent } from './load-demo.ts';
import { loaderClock } from './loader-clock.ts';

const OPTIONS = { scale: 0.02, seed: 5 };
const accepted = { status: 200, body: '{"rejected":0}' };

describe('loading the demo', () => {
  let dataDir: string;
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'demo-'))));
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const lists = ['members', 'candidates', 'items', 'groups', 'assignments', 'changes', 'registrations', 'activities'];
  /** The things asked for, one by one. */
  const asked = ({ path, body }: Sent): string[] => {
    const parsed: Record<string, unknown> = JSON.parse(body);
    const list = lists.map((name) => parsed[name]).find(Array.isArray);
    return (list ?? [parsed]).map((one) => `${path} ${JSON.stringify(one)}`);
  };
  const load = (send: (request: Sent, at: Date) => void, rest: Partial<LoadDemo> = {}) => {
    const clock = loaderClock();
    const answered = loadDemo({
      ...{ ...OPTIONS, dataDir, clock, settle: async () => undefined, settleAll: async () => undefined },
      send: async (request) => {
        send(request, clock.clock());
        return accepted;
      },
      ...rest,
    });
    return { clock, answered };
  };
  const planned = () =>
    [...demoPlan(OPTIONS)].flatMap(({ requests }) =>
      requests.map(({ path, body }) => `${path} ${JSON.stringify(body)}`),
    );

  it('asks for everything that is planned, once, at the time at which it was written down', async () => {
    const seen: string[] = [];
    const times: Date[] = [];
    const { answered, clock } = load((request, at) => {
      seen.push(...asked(request));
      times.push(at);
    });
    const ledger = await answered;
    expect(seen.toSorted()).toEqual(planned().toSorted());
    expect(times).toEqual(times.toSorted((one, other) => one.getTime() - other.getTime()));
    expect([times[0]?.getUTCFullYear(), times.at(-1)?.getUTCFullYear()]).toEqual([2004, 2014]);
    expect(ledger).toMatchObject({ due: 102, assigned: 85 });
    expect(clock.clock().getUTCFullYear()).toBeGreaterThan(2014);
    expect(readDemoProgress(dataDir)).toMatchObject({ done: true, seed: 5, scale: 0.02 });
  });

  it('goes on where it was interrupted, and asks again for the same under the same keys', async () => {
    const bodies = new Map<string, string>();
    const seen = new Set<string>();
    const note = (request: Sent): void => {
      const { path, body, idempotencyKey } = request;
      expect(bodies.get(idempotencyKey) ?? path + body).toBe(path + body);
      bodies.set(idempotencyKey, path + body);
      for (const one of asked(request)) seen.add(one);
    };
    let left = 0;
    const interrupted = (): Promise<unknown> =>
      load((request) => {
        if ((left -= 1) < 0) throw new Error('killed');
        note(request);
      }).answered;
    for (const requests of [200, 300]) {
      left = requests;
      await expect(interrupted()).rejects.toThrow('killed');
    }
    expect(readDemoProgress(dataDir)).toMatchObject({ done: false });
    let again = 0;
    const first: Date[] = [];
    await load((request, at) => {
      again += 1;
      first.push(at);
      note(request);
    }).answered;
    expect([...seen].toSorted()).toEqual([...new Set(planned())].toSorted());
    expect(again).toBeLessThan(bodies.size);
    expect(first[0]?.getUTCFullYear()).toBeGreaterThan(2004);
  });

  it.each([
    ['a refusal', { status: 409, body: '{"code":"member-not-in-cell"}' }],
    ['a refusal of one of many', { status: 200, body: '{"rejected":1,"results":[{"error":{"code":"mismatch"}}]}' }],
  ])('stops at %s', async (_, answer) => {
    await expect(load(() => undefined, { send: async () => answer }).answered).rejects.toThrow(DemoRefused);
    expect(readDemoProgress(dataDir)).toMatchObject({ done: false, phases: 0 });
  });

  it('waits until the services have settled, and before it says that it is done', async () => {
    const order: string[] = [];
    await load(() => order.push('sent'), {
      settle: async () => void order.push('settled'),
      settleAll: async () => {
        expect(readDemoProgress(dataDir)?.done ?? false).toBe(false);
        order.push('all settled');
      },
    }).answered;
    expect(order.at(-1)).toBe('all settled');
    expect(order.filter((step) => step === 'all settled')).toHaveLength(11);
    expect(order.filter((step) => step === 'settled').length).toBeGreaterThan(100);
  });

  it('tells how far it is, up to the whole', async () => {
    const parts: number[] = [];
    await load(() => undefined, { onProgress: (part) => parts.push(part) }).answered;
    expect(parts).toEqual(parts.toSorted((one, other) => one - other));
    expect(parts.at(-1)).toBe(1);
  });
});
