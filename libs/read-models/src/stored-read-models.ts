import { KeyedQueue } from '@phancong/event-sourcing';
import { LiveGeneration } from './live-generation.ts';
import { BeingRebuilt, type Generation, type Projection, type ReadModels, type Reader } from './read-models.ts';
import type { Storage } from './storage.ts';

/** What a stored set must have in common with its declaration to be read by it. */
export const layoutOf = ({ version, models }: Projection): string =>
  JSON.stringify([version, models.map(({ name, indexes }) => [name, Object.keys(indexes).sort()])]);

const isOf = ({ projection: known }: LiveGeneration, projection: Projection): boolean =>
  known === projection || layoutOf(known) === layoutOf(projection);

/** ReadModels over a storage in this process, which owns it alone. */
export function storedReadModels(storage: Storage): ReadModels {
  const live = new Map<string, LiveGeneration>();
  const queue = new KeyedQueue();
  let closed = false;

  const stored = ({ name }: Projection) =>
    storage.generations().find((generation) => generation.active && generation.projection === name);

  const create = (projection: Projection, filling?: 'filling'): LiveGeneration => {
    const id = storage.create(projection, layoutOf(projection), !filling);
    return new LiveGeneration(projection, { id, positions: {} }, storage, filling);
  };

  const active = (projection: Projection): LiveGeneration => {
    if (closed) throw new Error('the read models are closed');
    const known = live.get(projection.name);
    if (known && isOf(known, projection)) return known;
    const found = stored(projection);
    if (found && found.layout !== layoutOf(projection)) throw new BeingRebuilt(projection.name);
    const opened = found ? new LiveGeneration(projection, found, storage) : create(projection);
    live.set(projection.name, opened);
    return opened;
  };

  const positions = (projection: Projection) =>
    live.get(projection.name)?.positions() ?? stored(projection)?.positions ?? {};

  const dropUnfinished = (unfinished: (projection: string) => boolean): void => {
    for (const { id, active, projection } of storage.generations()) {
      if (!active && unfinished(projection)) storage.drop(id);
    }
  };
  dropUnfinished(() => true);

  const reader = (projection: Projection): Reader => ({
    get: async (model, id) => active(projection).reader.get(model, id),
    getMany: async (model, ids) => active(projection).reader.getMany(model, ids),
    find: async (model, query) => active(projection).reader.find(model, query),
  });

  const rebuild = (projection: Projection): Generation => {
    const beside = create(projection, 'filling');
    const behind = (): boolean => {
      const [reached, wanted] = [beside.positions(), positions(projection)];
      return projection.sources.some((source) => (reached[source] ?? 0) < (wanted[source] ?? 0));
    };
    return {
      positions: async () => beside.positions(),
      commit: (source, through, work) => beside.commit(source, through, work),
      swap: () =>
        queue.run(projection.name, () =>
          beside.exclusively(async () => {
            if (live.get(projection.name) === beside) return true;
            if (behind()) return false;
            beside.filled();
            storage.activate(beside.id);
            live.set(projection.name, beside);
            return true;
          }),
        ),
      drop: () => beside.exclusively(async () => storage.drop(beside.id)),
    };
  };

  return {
    reader,
    positions: async (projection) => positions(projection),
    commit: (projection, source, through, work) =>
      queue.run(projection.name, async () => active(projection).commit(source, through, work)),
    outdated: async (projection) => {
      const found = stored(projection);
      return found !== undefined && found.layout !== layoutOf(projection);
    },
    beside: (projection) =>
      queue.run(projection.name, async () => {
        dropUnfinished((name) => name === projection.name);
        return rebuild(projection);
      }),
    async close() {
      if (closed) return;
      closed = true;
      await Promise.all([...live.values()].map((generation) => generation.exclusively(async () => undefined)));
      storage.close();
    },
  };
}
