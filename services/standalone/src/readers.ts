import { ServiceName } from '@phancong/contracts';
import { type Failure, NotCaughtUp, type Progress, type ProgressReader } from '@phancong/event-feed';
import { type Position, StoreFull } from '@phancong/event-sourcing';
import { isDiskFull } from '@phancong/event-store-sqlite';

/** Who is healthy has heard within this time of what was written before the question. */
const HEARD_MS = 1_000;

interface Reader extends ProgressReader {
  readonly consumed: Map<ServiceName, Position>;
}

/** How far the readers of the feed have come, and what holds up those that are behind. */
export class Readers {
  readonly #readers = new Map<string, Reader>();
  /** By reader and source: why its last delivery failed. */
  readonly #failures = new Map<string, unknown>();

  constructor(
    private readonly inner: Progress,
    private readonly heads: Readonly<Record<ServiceName, () => Promise<Position>>>,
  ) {}

  /** A delivery did not succeed. */
  failed({ consumer, source, error, parked }: Failure): void {
    process.emitWarning(error instanceof Error ? error : String(error), {
      type: 'FeedFailure',
      detail: `${consumer} from ${source}${parked === undefined ? ', will try again' : `: parked ${parked}`}`,
    });
    if (parked === undefined) this.#failures.set(`${consumer} ${source}`, error);
    if (isDiskFull(error)) this.onNoRoom(consumer);
  }

  /** Called with a reader whenever it, or the rebuild of its documents, finds no room to go on. */
  onNoRoom: (reader: string) => void = () => undefined;

  /** For those who read and those who wait. Who waits for a reader that finds no room is told so: StoreFull. */
  readonly progress: Progress = {
    register: (reader) => {
      const forget = this.inner.register(reader);
      this.#readers.set(reader.reader, { ...reader, consumed: new Map() });
      return () => {
        this.#readers.delete(reader.reader);
        forget();
      };
    },
    consumed: (name, source, position) => {
      const consumed = this.#readers.get(name)?.consumed;
      if (consumed && position > (consumed.get(source) ?? 0)) {
        consumed.set(source, position);
        this.#failures.delete(`${name} ${source}`);
      }
      this.inner.consumed(name, source, position);
    },
    waitFor: async (service, source, position, withinMs) => {
      try {
        await this.inner.waitFor(service, source, position, withinMs);
      } catch (error) {
        if (!(error instanceof NotCaughtUp)) throw error;
        const full = (await this.#behind()).find(({ failure }) => isDiskFull(failure));
        throw full ? new StoreFull(`${full.reader} finds no room to go on`, { cause: error }) : error;
      }
    },
  };

  /** `ok`, or which readers of the service are behind, and why. */
  async check(service: string): Promise<string> {
    const own = (reader: Reader): boolean => reader.service === service;
    const heads = await Promise.all(
      ServiceName.options.map(async (source) => [source, await this.heads[source]()] as const),
    );
    try {
      const waits = heads.map(([source, head]) => this.inner.waitFor(service, source, head, HEARD_MS));
      await Promise.all(waits);
      return 'ok';
    } catch (error) {
      if (!(error instanceof NotCaughtUp)) throw error;
      const behind = (await this.#behind(own)).map(
        ({ reader, failure }) => `${reader} is behind${isDiskFull(failure) ? ': no room on the disk' : ''}`,
      );
      return behind.length > 0 ? [...new Set(behind)].join('; ') : 'what follows in other services is behind';
    }
  }

  async #behind(wanted: (reader: Reader) => boolean = () => true) {
    const behind: { readonly reader: string; readonly failure: unknown }[] = [];
    for (const source of ServiceName.options) {
      const head = await this.heads[source]();
      for (const reader of this.#readers.values()) {
        if (!wanted(reader) || !reader.sources.includes(source) || (reader.consumed.get(source) ?? 0) >= head) continue;
        behind.push({ reader: reader.reader, failure: this.#failures.get(`${reader.reader} ${source}`) });
      }
    }
    return behind;
  }
}
