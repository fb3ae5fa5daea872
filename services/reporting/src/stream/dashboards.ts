import type { OrganisationId } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { createHash } from 'node:crypto';
import { coverage } from '../coverage/coverage.ts';
import type { Knowledge } from '../knowledge.ts';
import { results } from '../results/results.ts';

/** What a dashboard is sent: news under a name, or nothing but a sign of life. */
export type Signal =
  | { readonly event: 'coverage' | 'results'; readonly id: string; readonly data: string }
  | { readonly event: 'heartbeat' };

export interface DashboardOptions {
  readonly knowledge: Knowledge;
  readonly today: () => Day;
  readonly excludeExempt: boolean;
  /** In milliseconds. */
  readonly throttle: number;
  readonly heartbeat: number;
}

/** Of an organisation: its figures as text, or a short mark of each that is the same only for the same figures. */
interface Shown {
  readonly coverage: string;
  readonly results: string;
}

/** Tells those who look at a dashboard what has changed in it: the coverage of today, and the results of this year. */
export class Dashboards {
  readonly #options: DashboardOptions;
  readonly #followers = new Set<AbortController>();
  readonly #shown = new Map<OrganisationId, { readonly of: string; readonly shown: Promise<Shown> }>();
  readonly #waiting = new Set<() => void>();
  #version = 0;

  constructor(options: DashboardOptions) {
    this.#options = options;
  }

  /** There are new documents. */
  changed(): void {
    this.#version += 1;
    for (const wake of this.#waiting) wake();
  }

  /** Ends all that is being followed. */
  close(): void {
    for (const follower of this.#followers) follower.abort();
  }

  /** @throws Refusal not-found */
  async check(organisation: OrganisationId): Promise<void> {
    await this.#look(organisation);
  }

  /**
   * First what is not as the `seen` id says (all, without one), then what changes, until `signal` or `close`.
   * @param seen id of the last signal that the dashboard got, maybe from another process or long ago
   */
  async *follow(organisation: OrganisationId, seen: string | undefined, signal: AbortSignal): AsyncGenerator<Signal> {
    const follower = new AbortController();
    const leave = (): void => follower.abort();
    this.#followers.add(follower);
    signal.addEventListener('abort', leave);
    try {
      if (!signal.aborted) yield* this.#signals(organisation, marksIn(seen), follower.signal);
    } finally {
      this.#followers.delete(follower);
      signal.removeEventListener('abort', leave);
    }
  }

  async *#signals(organisation: OrganisationId, seen: Shown, over: AbortSignal): AsyncGenerator<Signal> {
    const { throttle, heartbeat } = this.#options;
    let [marks, looked] = [seen, ''];
    while (!over.aborted) {
      if (looked !== this.#now()) {
        looked = this.#now();
        const shown = await this.#look(organisation);
        for (const event of ['coverage', 'results'] as const) {
          const mark = markOf(shown[event]);
          if (marks[event] === mark) continue;
          marks = { ...marks, [event]: mark };
          yield { event, id: `${marks.coverage}.${marks.results}`, data: shown[event] };
        }
        await pause(throttle, over);
      } else if (!(await this.#news(heartbeat, over)) && !over.aborted) yield { event: 'heartbeat' };
    }
  }

  /** Changes whenever figures may have: with the documents, and with the day. */
  #now(): string {
    return `${this.#version} ${this.#options.today()}`;
  }

  #look(organisation: OrganisationId): Promise<Shown> {
    const now = this.#now();
    const known = this.#shown.get(organisation);
    if (known?.of === now) return known.shown;
    const shown = this.#figures(organisation);
    this.#shown.set(organisation, { of: now, shown });
    // Whoever asked is told; what could not be shown is not kept.
    shown.catch(() => this.#shown.delete(organisation));
    return shown;
  }

  async #figures(organisation: OrganisationId): Promise<Shown> {
    const { knowledge, today, excludeExempt } = this.#options;
    const asOf = today();
    const range = { from: Day.parse(`${asOf.slice(0, 4)}-01-01`), to: asOf, asOf };
    const by = 'organisation';
    const covered = await coverage(knowledge, { organisation, asOf, by, excludeExempt });
    const done = await results(knowledge, { organisation, ...range, by });
    return { coverage: figuresOnly(covered), results: figuresOnly(done) };
  }

  /** Resolves with whether there was news within so many milliseconds. */
  async #news(within: number, over: AbortSignal): Promise<boolean> {
    const before = this.#version;
    let wake = (): void => undefined;
    const woken = new Promise<void>((resolve) => (wake = resolve));
    this.#waiting.add(wake);
    await pause(within, over, woken);
    this.#waiting.delete(wake);
    return this.#version !== before;
  }
}

/** Without what differs from one answer to the next even when no figure does. */
const figuresOnly = ({
  knownAt: _knownAt,
  position: _position,
  ...figures
}: {
  knownAt: string;
  position: string;
}): string => JSON.stringify(figures);

const markOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

const MARKS = /^([\w-]{16})?\.([\w-]{16})?$/;
const marksIn = (id: string | undefined): Shown => {
  const [, coverage = '', results = ''] = MARKS.exec(id ?? '') ?? [];
  return { coverage, results };
};

/** Waits so many milliseconds, or until it is over or there is something else to do. */
async function pause(milliseconds: number, over: AbortSignal, sooner?: Promise<void>): Promise<void> {
  if (over.aborted) return;
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const timer = setTimeout(end, milliseconds);
  over.addEventListener('abort', end);
  await (sooner ? Promise.race([ended, sooner]) : ended);
  clearTimeout(timer);
  over.removeEventListener('abort', end);
}
