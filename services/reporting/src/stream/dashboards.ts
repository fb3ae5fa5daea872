import type { OrganisationId } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
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

/** What is shown of an organisation: figures as text, and a short mark of each that is the same only for the same figures. */
interface Shown {
  readonly coverage: string;
  readonly results: string;
}

/** Tells those who look at a dashboard what has changed in it: the coverage of today, and the results of this year. */
export class Dashboards {
  readonly #options: DashboardOptions;
  readonly #closed = new AbortController();
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
    this.#closed.abort();
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
    const { throttle, heartbeat } = this.#options;
    const over = AbortSignal.any([signal, this.#closed.signal]);
    let [marks, looked] = [marksIn(seen), ''];
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

  async #news(within: number, over: AbortSignal): Promise<boolean> {
    const awake = new AbortController();
    const wake = () => awake.abort();
    this.#waiting.add(wake);
    try {
      await pause(within, AbortSignal.any([over, awake.signal]));
    } finally {
      this.#waiting.delete(wake);
    }
    return awake.signal.aborted;
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
const marksIn = (id: string | undefined): { readonly coverage: string; readonly results: string } => {
  const [, coverage = '', results = ''] = MARKS.exec(id ?? '') ?? [];
  return { coverage, results };
};

async function pause(milliseconds: number, over: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal: over });
  } catch (error) {
    if (!over.aborted) throw error;
  }
}
