import { dayIn } from '@phancong/event-sourcing';
import { createHash } from 'node:crypto';
import { demoPlan, type DemoLedger, type DemoOptions, type DemoPhase } from './demo-plan.ts';
import { targetsOf } from './targets.ts';
import { NaiveBloc } from './testing/naive-bloc.ts';

/** Goes through the whole plan. @returns what it came to, by its own count */
function through(options: DemoOptions, see: (phase: DemoPhase) => void): DemoLedger {
  const plan = demoPlan(options);
  for (;;) {
    const { done, value } = plan.next();
    if (done) return value;
    see(value);
  }
}

const digest = (options: DemoOptions): string => {
  const hash = createHash('sha256');
  through(options, (phase) => hash.update(JSON.stringify(phase)));
  return hash.digest('hex');
};

describe('the plan of the demo', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(digest({ scale: 0.05 })).toBe(digest({ scale: 0.05 }));
    expect(digest({ scale: 0.05, seed: 2 })).not.toBe(digest({ scale: 0.05 }));
  });

  it('comes to the figures that were reported', () => {
    expect(targetsOf(1)).toEqual({
      ...{ due: 5_115, assigned: 4_245, selfRegistered: 785, introduced: 16_340, admitted: 3_835 },
      ...{ savings: 4_702_000_000_000, charity: 494_890_000_000, bloodDonations: 15_706 },
    });
  });

  it.each([
    [0.05, 1043],
    [0.05, 7],
    [0.1, 3],
    [0.2, 11],
  ])('is possible, and comes to its targets, at scale %f with seed %i', (scale, seed) => {
    const clerk = new NaiveBloc();
    const ledger = through({ scale, seed }, ({ recordedAt, requests }) => {
      const recordedOn = dayIn('Asia/Ho_Chi_Minh', new Date(recordedAt));
      for (const request of requests) clerk.read(request, recordedOn);
    });
    expect(clerk.complaints).toEqual([]);
    expect(clerk.count()).toEqual(ledger);
    expect(ledger).toMatchObject(targetsOf(scale));
  });

  it('is written down as time goes by, from 2004 to 2014, every request under a key of its own', () => {
    const instants: string[] = [];
    const keys = new Set<string>();
    let requests = 0;
    through({ scale: 0.05 }, (phase) => {
      instants.push(phase.recordedAt);
      requests += phase.requests.length;
      for (const { idempotencyKey } of phase.requests) keys.add(idempotencyKey);
    });
    expect(instants).toEqual(instants.toSorted());
    expect([instants[0]?.slice(0, 7), instants.at(-1)?.slice(0, 7)]).toEqual(['2004-01', '2014-12']);
    expect(keys.size).toBe(requests);
  });

  it('holds late entries, corrections, and every kind of reorganisation', () => {
    const seen = new Map<string, number>();
    let late = 0;
    through({ scale: 0.5 }, ({ recordedAt, requests }) => {
      for (const { path, body } of requests) {
        const verb = typeof body['verb'] === 'string' ? body['verb'] : (/[/-]([a-z]+)$/.exec(path)?.[1] ?? '');
        seen.set(verb, 1 + (seen.get(verb) ?? 0));
        const on = body['on'] ?? body['introducedOn'];
        if (typeof on === 'string' && Date.parse(recordedAt) - Date.parse(on) > 32 * 86_400_000) late += 1;
      }
    });
    const wanted = ['merge', 'move', 'dissolve', 'rename', 'transfer', 'leave', 'correct', 'exempt', 'officialise'];
    wanted.push('withdraw', 'suspend', 'resume', 'end', 'change-content', 'close', 'recount', 'amend', 'void');
    expect(wanted.filter((verb) => !seen.has(verb))).toEqual([]);
    expect(late).toBeGreaterThan(100);
  });
});
