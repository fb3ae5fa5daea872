import { KeyedQueue } from '@phancong/event-sourcing';
import type { Positions, Projection, Through, Work } from '../read-models.ts';
import { MongodbGeneration } from './generation.ts';
import type { State, StoredProjection } from './stored-projection.ts';

/** The rebuild was not heard of for long, and another process has cleared it away: begin again. */
export class RebuildGivenUp extends Error {
  override readonly name = 'RebuildGivenUp';
  readonly transient = true;
}

const HEARTBEAT_MS = 60_000;

/** A generation being filled beside the one that answers. */
export class Rebuild {
  readonly #projection: Projection;
  readonly #stored: StoredProjection;
  readonly #generation: MongodbGeneration;
  readonly #queue = new KeyedQueue();
  #positions: Positions = {};
  #heard = Date.now();

  constructor(projection: Projection, id: string, stored: StoredProjection) {
    this.#projection = projection;
    this.#stored = stored;
    this.#generation = new MongodbGeneration(projection, id, stored, 'filling');
  }

  positions(): Positions {
    return this.#positions;
  }

  commit(...[source, through, work]: [keyof Positions, Through, Work]): Promise<void> {
    return this.#queue.run('', async () => {
      const after = this.#positions[source] ?? 0;
      if (through !== 'replay' && through <= after) return;
      if (Date.now() - this.#heard > HEARTBEAT_MS) await this.#heartbeat();
      await this.#generation.fill(work, after, () => {
        this.#positions = { ...this.#positions, [source]: through === 'replay' ? after : through };
      });
    });
  }

  /** @returns the state once the generation answers; nothing while it has not come as far as the one that does */
  swap(layout: string): Promise<State | undefined> {
    return this.#queue.run('', async () => {
      for (;;) {
        const live = await this.#stored.settled();
        if (!live || this.#behind(live)) return undefined;
        await this.#heartbeat();
        await this.#generation.filled();
        const next = { generation: this.#generation.id, layout, positions: this.#positions };
        const swapped = await this.#stored.swap(live, next);
        if (swapped) return swapped;
      }
    });
  }

  /** Gives it up, when the batch under way is done. */
  drop(): Promise<void> {
    return this.#queue.run('', async () => {
      await this.#stored.forget(this.#generation.id);
      await this.#stored.sweep();
    });
  }

  #behind({ positions: wanted }: State): boolean {
    return this.#projection.sources.some((source) => (this.#positions[source] ?? 0) < (wanted[source] ?? 0));
  }

  async #heartbeat(): Promise<void> {
    if (!(await this.#stored.heartbeat(this.#generation.id))) throw new RebuildGivenUp(this.#projection.name);
    this.#heard = Date.now();
  }
}
