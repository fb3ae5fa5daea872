import { setMaxListeners } from 'node:events';
import { ServiceName } from '@phancong/contracts';
import type { Position } from '@phancong/event-sourcing';
import { NotCaughtUp, type Progress, type ProgressReader } from './progress.ts';

interface Waiter {
  readonly source: ServiceName;
  readonly position: Position;
  readonly resolve: () => void;
}

interface Reader extends ProgressReader {
  readonly consumed: Map<ServiceName, Position>;
  readonly waiters: Set<Waiter>;
}

interface Target {
  readonly source: ServiceName;
  readonly position: Position;
}

/** A command that goes from service to service is followed this far. */
const HOPS = 4;

/** @param heads the position of the last event in each service's log */
export function inProcessProgress({
  heads,
}: {
  readonly heads: Readonly<Partial<Record<ServiceName, () => Promise<Position>>>>;
}): Progress {
  const readers = new Map<string, Reader>();

  const reached = (reader: Reader, { source, position }: Target, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if ((reader.consumed.get(source) ?? 0) >= position) return resolve();
      const waiter = { source, position, resolve };
      reader.waiters.add(waiter);
      signal.addEventListener('abort', () => reader.waiters.delete(waiter), { once: true });
    });

  const readersOf = (source: ServiceName, wanted: (reader: Reader) => boolean): readonly Reader[] =>
    [...readers.values()].filter((reader) => reader.sources.includes(source) && wanted(reader));

  /** What the processes wrote because of the target: nothing later than the head of their log once they have consumed it. */
  const followed = async (target: Target, signal: AbortSignal): Promise<readonly Target[]> => {
    const processes = readersOf(target.source, ({ process }) => process === true);
    await Promise.all(processes.map((reader) => reached(reader, target, signal)));
    const writers = new Set(processes.map(({ service }) => service));
    const targets: Target[] = [];
    for (const source of ServiceName.options) {
      const head = heads[source];
      if (!head || !writers.has(source)) continue;
      const position = await head();
      if (source !== target.source || position > target.position) targets.push({ source, position });
    }
    return targets;
  };

  const settled = async (service: string, target: Target, hops: number, signal: AbortSignal): Promise<void> => {
    const own = readersOf(target.source, (reader) => reader.service === service);
    await Promise.all(own.map((reader) => reached(reader, target, signal)));
    if (hops === 0 || signal.aborted) return;
    const targets = await followed(target, signal);
    await Promise.all(targets.map((next) => settled(service, next, hops - 1, signal)));
  };

  return {
    register(reader) {
      if (readers.has(reader.reader)) throw new Error(`a reader ${reader.reader} is registered already`);
      readers.set(reader.reader, { ...reader, consumed: new Map(), waiters: new Set() });
      return () => {
        for (const { resolve } of readers.get(reader.reader)?.waiters ?? []) resolve();
        readers.delete(reader.reader);
      };
    },
    consumed(name, source, position) {
      const reader = readers.get(name);
      if (!reader) throw new Error(`no reader ${name} is registered`);
      if (position <= (reader.consumed.get(source) ?? 0)) return;
      reader.consumed.set(source, position);
      for (const waiter of reader.waiters) {
        if (waiter.source !== source || waiter.position > position) continue;
        reader.waiters.delete(waiter);
        waiter.resolve();
      }
    },
    async waitFor(service, source, position, withinMs) {
      const over = new AbortController();
      // As many as there are readers to wait for.
      setMaxListeners(0, over.signal);
      let timer: NodeJS.Timeout | undefined;
      const deadline = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(
          () => reject(new NotCaughtUp(`${service} has not consumed ${source} ${position}`)),
          withinMs,
        );
      });
      try {
        await Promise.race([settled(service, { source, position }, HOPS, over.signal), deadline]);
      } finally {
        clearTimeout(timer);
        over.abort();
      }
    },
  };
}
