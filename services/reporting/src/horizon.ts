import type { ServiceName } from '@phancong/contracts';
import { Instant, instantOf, type SealedLogs } from '@phancong/event-sourcing';
import type { Positions, Reader } from '@phancong/read-models';
import { heard } from './facts/heard.ts';

const EVER: Instant = Instant.parse('1970-01-01T00:00:00.000Z');
/** Seals remembered until the documents have reached them. */
const REMEMBERED = 256;

/** How far in time the documents reach. */
export interface Reached {
  /** All that was recorded at this instant or before is in the documents. */
  readonly at: Instant;
  /** Something may be in them that was recorded after it, but not after this. */
  readonly through: Instant;
}

/**
 * Tells up to when the documents hold all that was written down. The sources are read at different speeds: one that was read to its
 * end when the logs were sealed reaches to the seal, another to just before the last message that came.
 */
export class Horizon {
  readonly #sources: readonly ServiceName[];
  readonly #seal: () => Promise<SealedLogs<ServiceName>>;
  /** Oldest first. */
  #seals: SealedLogs<ServiceName>[] = [];

  constructor(sources: readonly ServiceName[], seal: () => Promise<SealedLogs<ServiceName>>) {
    this.#sources = sources;
    this.#seal = seal;
  }

  /** Seals the logs now. */
  async sealed(): Promise<SealedLogs<ServiceName>> {
    const seal = await this.#seal();
    const last = this.#seals.at(-1);
    if (!last || last.at < seal.at) this.#seals.push(seal);
    if (this.#seals.length > REMEMBERED) this.#seals.shift();
    return seal;
  }

  /** @param positions that the documents have reached at least */
  async reached(reader: Reader, positions: Positions): Promise<Reached> {
    await this.sealed();
    const last = await reader.getMany(heard, this.#sources);
    const [at, through] = [
      this.#sources.map((source) => this.#reachedOf(source, positions, last.get(source)?.recordedAt)),
      this.#sources.map((source) => last.get(source)?.recordedAt ?? EVER),
    ];
    const [earliest = EVER, latest = EVER] = [[...at].sort()[0], [...through].sort().at(-1)];
    this.#forgetBefore(earliest);
    return { at: earliest, through: latest };
  }

  #reachedOf(source: ServiceName, positions: Positions, last: Instant | undefined): Instant {
    const seal = this.#seals.findLast(({ heads }) => (heads[source] ?? 0) <= (positions[source] ?? 0))?.at ?? EVER;
    // Of the millisecond of the last message there may be more to come.
    const before = last === undefined ? EVER : instantOf(new Date(Date.parse(last) - 1));
    return seal > before ? seal : before;
  }

  #forgetBefore(at: Instant): void {
    this.#seals = this.#seals.filter((seal) => seal.at >= at);
  }
}
